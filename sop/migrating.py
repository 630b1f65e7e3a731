"""Bring a decision log to the version of the app, inside the transaction of whoever writes to it."""

from __future__ import annotations

import threading
from pathlib import Path

import sqlalchemy as sql

from sop.log_tables import MAPPINGS, TABLES

VERSION = 5
"""Of the tables. The migration v2 leads to it, and so on."""

FOLDER = Path(__file__).parent / "migrations"
_ONE_AT_A_TIME = threading.Lock()  # Alembic keeps what it runs in module-level names


def version_of(connection: sql.Connection) -> int:
    """The version of a log's tables: 0 where there are none; of a log made before there were migrations, 1."""
    inspector = sql.inspect(connection)
    stated = 0
    if connection.dialect.name == "sqlite":
        stated = connection.exec_driver_sql("pragma user_version").scalar_one()
    if inspector.has_table("alembic_version"):
        named: str = connection.execute(sql.text("select version_num from alembic_version")).scalar_one()
        stated = max(stated, int(named.removeprefix("v")))
    return stated or int(inspector.has_table(MAPPINGS.name))


def migrate(connection: sql.Connection) -> None:
    """Make the tables that are missing, and keep every table append-only whoever writes. Nothing where all is there."""
    before = version_of(connection)
    if before == VERSION:
        return
    if before:
        _upgrade(connection, before)
    else:
        _make(connection)
    _keep_append_only(connection)
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"pragma user_version = {VERSION}")  # earlier versions of the app ask this one only


def _make(connection: sql.Connection) -> None:
    """The tables of a log that is new: as the migrations would make them one after the other, in a tenth of the time."""
    TABLES.create_all(connection, checkfirst=False)
    connection.exec_driver_sql(
        "create table alembic_version"
        " (version_num varchar(32) not null, constraint alembic_version_pkc primary key (version_num))"
    )
    connection.exec_driver_sql(f"insert into alembic_version values ('v{VERSION}')")


def _upgrade(connection: sql.Connection, before: int) -> None:
    from alembic import command  # a fifth of a second to import, needed once in a log's life
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    with _ONE_AT_A_TIME:
        if before == 1 and not sql.inspect(connection).has_table("alembic_version"):
            command.stamp(config, "v1")
        command.upgrade(config, f"v{VERSION}")


def _keep_append_only(connection: sql.Connection) -> None:
    for table in TABLES.sorted_tables:
        if connection.dialect.name == "sqlite":
            for act in ("update", "delete"):
                connection.exec_driver_sql(
                    f"create trigger if not exists {table.name}_no_{act} before {act} on {table.name}"
                    " begin select raise(abort, 'the decision log is append-only'); end"
                )
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(
                "create or replace function refuse_to_change() returns trigger language plpgsql as"
                " 'begin raise exception ''the decision log is append-only''; end'"
            )
            connection.exec_driver_sql(
                f"create or replace trigger {table.name}_append_only before update or delete or truncate on {table.name}"
                " for each statement execute function refuse_to_change()"
            )
