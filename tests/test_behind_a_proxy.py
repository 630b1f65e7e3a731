"""Two processes of the app behind nginx, as deploy/nginx.conf has it: each viewer stays at one, and moves on when it is gone."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import signal
import subprocess
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bench.viewers import served
from sop.decisions import Log
from tests.conftest import PATIENCE, Ears, _free_port, new_context
from tests.decided import Company, company

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
TOP = Path(__file__).parent.parent
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
VIEWERS = 12
"""People who open the app in one moment; that all of them would be sent to the same process is one chance in 2,048."""

AROUND = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    log_format told '$cookie_sop_process|$upstream_addr|$uri';
    access_log {folder}/told.log told;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


@dataclass
class Proxied:
    """The address that viewers use, the process ids behind it by their own address, and the file of what was sent where."""

    address: str
    processes: dict[str, int]
    told: Path

    def sent(self) -> dict[str, set[str]]:
        """Where the requests of each viewer were sent, by the viewer's cookie."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for line in self.told.read_text(encoding="utf-8").splitlines():
            viewer, where, *_ = line.split("|")
            if viewer != "-":
                found[viewer].add(where.rpartition(", ")[2])
        return dict(found)


@pytest.fixture
def firm(tmp_path: Path, log_in_postgres: Log, monkeypatch: pytest.MonkeyPatch) -> Company:
    monkeypatch.setenv("SOP_DECISIONS_URL", log_in_postgres.url)
    return company(tmp_path)


@pytest.fixture
def proxied(firm: Company, tmp_path: Path) -> Iterator[Proxied]:
    if not NGINX:
        pytest.skip("there is no nginx: apt-get install nginx-light")
    with ExitStack() as running:
        two = [running.enter_context(served(firm.home.folder)) for _ in range(2)]
        port = _free_port()
        folder = tmp_path / "nginx"
        folder.mkdir()
        (folder / "site.conf").write_text(for_this_machine(port, [address for address, _ in two]), encoding="utf-8")
        (folder / "nginx.conf").write_text(AROUND.format(folder=folder), encoding="utf-8")
        nginx = subprocess.Popen([NGINX, "-c", str(folder / "nginx.conf"), "-p", str(folder)])
        running.callback(nginx.wait)
        running.callback(nginx.terminate)
        wait_until(lambda: answers(port))
        processes = {address.removeprefix("http://"): pid for address, pid in two}
        yield Proxied(f"http://127.0.0.1:{port}", processes, folder / "told.log")


def for_this_machine(port: int, addresses: list[str]) -> str:
    """The file that comes with the app, without TLS and with the ports of a test."""
    text = (TOP / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    for own, address in zip(("127.0.0.1:8501", "127.0.0.1:8502"), addresses, strict=True):
        assert own in text
        text = text.replace(own, address.removeprefix("http://"))
    text = text.replace("listen 443 ssl;", f"listen 127.0.0.1:{port};").replace(" Secure;", "")
    return re.sub(r"^ *(ssl_certificate|server_name).*\n", "", text, flags=re.MULTILINE)


def wait_until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def asked(port: int, cookie: str = "", path: str = "/_stcore/health") -> tuple[int, str]:
    """The status of an answer and the cookie that came with it."""
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    asking.request("GET", path, headers={"Cookie": cookie} if cookie else {})
    answer = asking.getresponse()
    answer.read()
    given = [value for name, value in answer.getheaders() if name == "Set-Cookie" and value.startswith("sop_process=")]
    return answer.status, given[0].partition(";")[0]


def answers(port: int) -> bool:
    try:
        return asked(port)[0] == 200
    except OSError:
        return False


def test_each_viewer_stays_at_one_process_and_both_have_some(proxied: Proxied) -> None:
    port = int(proxied.address.rpartition(":")[2])
    cookies = [asked(port)[1] for _ in range(VIEWERS)]
    assert len(set(cookies)) == VIEWERS
    for cookie in cookies * 4:
        assert asked(port, cookie) == (200, cookie), "who has a cookie keeps it"
    sent = proxied.sent()
    assert {len(where) for where in sent.values()} == {1}
    assert set().union(*sent.values()) == proxied.processes.keys()


def test_pages_figures_and_uploads_pass_and_a_viewer_moves_on_when_their_process_is_gone(
    proxied: Proxied, browser: Browser, firm: Company, tmp_path: Path
) -> None:
    opened = new_context(browser)
    page = opened.new_page()
    ears = Ears(page)
    page.goto(f"{proxied.address}/customers")
    title = page.get_by_role("heading", level=1)
    title.wait_for()
    before = title.inner_text()
    large = tmp_path / "order_lines.csv"
    rows = (f"A{number},10,C1,P1,1,2026-10-{number % 28 + 1:02d}\n" for number in range(60_000))
    large.write_text(
        "order_id,line_number,customer_id,product_id,quantity,promised_date\n" + "".join(rows), encoding="utf-8"
    )
    page.goto(f"{proxied.address}/extracts")
    page.get_by_test_id("stFileUploaderDropzoneInput").first.set_input_files(large)
    page.get_by_role("button", name="Check these files").wait_for()
    ears.assert_quiet(proxied.address)
    [cookie] = [cookie["value"] for cookie in opened.cookies() if cookie.get("name") == "sop_process"]
    [own] = proxied.sent()[cookie]
    os.kill(proxied.processes[own], signal.SIGKILL)
    page.goto(f"{proxied.address}/customers")
    title.wait_for()
    assert title.inner_text() == before
    assert proxied.sent()[cookie] == proxied.processes.keys(), "the other process took them over"
    opened.close()
