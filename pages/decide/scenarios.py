"""What if several decisions are taken together, and who wins and loses by it?"""

from sop import findings_scenarios, page

page.stop_without(__doc__, "capacity", "routings")
known = page.kept_scenarios(__doc__)
page.title(__doc__, findings_scenarios.of_the_scenarios(known))
page.compare_scenarios(known)

number = page.choose_scenario()
if number:
    page.scenario_in_full(number)
