"""The rule table, and asking it at each of its three stages."""

from collections.abc import Sequence

from compounding.domain.safety import agreement, courses, doses, opioids, patients, planned
from compounding.domain.safety.facts import Case, HandOverFacts, OrderFacts, PlanFacts
from compounding.domain.safety.finding import FactsT, Finding, Rule, Stage

_ORDER = frozenset({Stage.ORDER})
_PLAN = frozenset({Stage.PLAN})
_COUNTER = frozenset({Stage.HAND_OVER})
_BOTH = _ORDER | _COUNTER
_LABEL = "FDA label of naltrexone 50 mg tablets"
_ARTICLE = "Founding article"
_TRUST = "Research trust for low-dose naltrexone"

ORDER_AND_HAND_OVER_RULES: tuple[Rule[Case], ...] = (
    Rule(
        "R1", _BOTH, "No opioid is on board, and none will be.", f"{_LABEL}: contraindications; 7 to 10 days free of opioids, up to two weeks", opioids.answered
    ),
    Rule("R2", _BOTH, "The medicines agree with the opioid answer.", f"{_LABEL}: contraindications", opioids.contradicted),
    Rule("R5", _BOTH, "Not pregnant, breastfeeding or planning a pregnancy.", f"{_LABEL}: use in pregnancy and nursing", patients.pregnancy),
    Rule("R13", _BOTH, "Thyroid disease is watched.", f"{_ARTICLE}: thyroid dose may become too high", patients.thyroid),
    Rule("R14", _BOTH, "Diabetes is watched.", f"{_ARTICLE}: a patient's glucose unsettled at 1 mg", patients.glucose),
    Rule("R15", _BOTH, "Naltrexone is stopped before surgery.", f"{_TRUST}: stop 48 to 72 hours before", courses.surgery),
    Rule("R18", _BOTH, "Mood is watched.", f"{_LABEL}: depression and suicidality", patients.depression),
    Rule("R19", _BOTH, "What is easily missed as an opioid is asked for.", f"{_LABEL}: opioid antitussives and antidiarrhoeals", opioids.easily_missed),
    Rule("R24", _BOTH, "No other naltrexone is taken.", "FDA labels of Vivitrol and Contrave", opioids.other_naltrexone),
)
ORDER_RULES: tuple[Rule[OrderFacts], ...] = (
    Rule("R3", _ORDER, "No opioid dependence or withdrawal.", f"{_LABEL}: contraindications", opioids.dependence),
    Rule("R4", _ORDER, "No allergy to naltrexone or its kin.", f"{_LABEL}: contraindications", patients.drug_allergy),
    Rule("R6", _ORDER, "The liver bears it.", f"{_LABEL}: acute hepatitis or liver failure", patients.liver),
    Rule("R7", _ORDER, "Not a microgram dose.", "Site policy: microgram doses", doses.microgram_dose),
    Rule("R9", _ORDER, "Above the usual dose only with a reason.", f"{_TRUST}, 2021: up to 10 mg; 4.5 mg is a convention", doses.above_usual),
    Rule("R10", _ORDER, "Not in the band of tenfold slips.", "Site policy: 12.5, 15 and 20 mg are 1.25, 1.5 and 2", doses.slip_band),
    Rule("R11", _ORDER, "A low dose.", f"{_LABEL}: 25 mg is a full first dose", doses.not_low),
    Rule("R12", _ORDER, "A slow climb.", f"{_ARTICLE}: start at 1 to 1.5 mg, go up gradually", doses.climb),
    Rule("R14", _ORDER, "Diabetes at the first step of 1 mg.", f"{_ARTICLE}: a patient's glucose unsettled at 1 mg", patients.glucose_step_ordered),
    Rule("R16", _ORDER, "The three-month review is recorded.", f"{_ARTICLE}: about three months are a trial", courses.review_due),
    Rule("R20", _ORDER, "Not a sterile route.", "USP <797>", courses.sterile_route),
    Rule("R21", _ORDER, "No step of three times or a third.", "Site policy: hidden tenfold slips", doses.jumps_ordered),
    Rule("R25", _ORDER, "An adult.", "Pediatric Crohn's trial: 0.1 mg/kg, at most 4.5 mg", patients.young_age),
    Rule("R26", _ORDER, "Kidneys and defences bear it.", f"{_LABEL}: renal impairment; practice: transplants", patients.defences),
    Rule("R27", _ORDER, "Written in the last 12 months.", "Site policy: age of an order", courses.written_date),
    Rule("R28", _ORDER, "At most two doses a day.", "Site policy: low doses are taken once or twice a day", doses.too_often),
    Rule("R29", _ORDER, "Not early, and not after a gap.", f"{_TRUST}: off for over two weeks, titrate again", courses.early_or_lapsed),
    Rule("R30", _ORDER, "Not a stopped order with other facts.", "Site policy: a second try is seen", courses.sent_again),
    Rule("R31", _ORDER, "The order agrees with itself.", "Site policy: redundancy against slips", agreement.disagreement),
)
PLAN_RULES: tuple[Rule[PlanFacts], ...] = (
    Rule("R4", _PLAN, "No allergy to what the lots hold.", f"{_LABEL}: sensitivity to any component", planned.excipient_allergy),
    Rule("R17", _PLAN, "An immediate-release filler.", "Swidan, Low-dose naltrexone fillers; The Compounder", planned.slow_filler),
    Rule("R21", _PLAN, "No step of three times or a third of the last fill.", "Site policy: hidden tenfold slips", doses.jumps_planned),
    Rule("R22", _PLAN, "The strength that the patient knows.", "Site policy: 4.5 mL read on a bottle of 5 mg/mL is 22.5 mg", planned.new_strength),
    Rule("R23", _PLAN, "Used up before its date.", "USP <795> 10", planned.past_the_date),
)
HAND_OVER_RULES: tuple[Rule[HandOverFacts], ...] = (
    Rule(
        "R14", _COUNTER, "Diabetes in the container that reaches 1 mg.", f"{_ARTICLE}: a patient's glucose unsettled at 1 mg", patients.glucose_step_handed_over
    ),
    Rule("R16", _COUNTER, "The three-month review is recorded.", f"{_ARTICLE}: about three months are a trial", courses.review_at_hand_over),
    Rule("R29", _COUNTER, "Not early, and not after a gap.", f"{_TRUST}: off for over two weeks, titrate again", courses.early_or_lapsed_at_hand_over),
)


def screen_order(facts: OrderFacts) -> tuple[Finding, ...]:
    """What the rules find in an order on today's facts, the worst first."""
    return _sorted((*_asked(ORDER_AND_HAND_OVER_RULES, facts, Stage.ORDER), *_asked(ORDER_RULES, facts, Stage.ORDER)))


def screen_plan(facts: PlanFacts) -> tuple[Finding, ...]:
    """What the rules find in a plan, the worst first; again whenever a lot is changed."""
    return _sorted(_asked(PLAN_RULES, facts, Stage.PLAN))


def screen_hand_over(facts: HandOverFacts) -> tuple[Finding, ...]:
    """What the rules find at the counter, the worst first; `screen_order` is asked again beside it."""
    shared = _asked(ORDER_AND_HAND_OVER_RULES, facts, Stage.HAND_OVER)
    return _sorted((*shared, *_asked(HAND_OVER_RULES, facts, Stage.HAND_OVER)))


def _asked(rules: Sequence[Rule[FactsT]], facts: FactsT, stage: Stage) -> tuple[Finding, ...]:
    return tuple(finding for rule in rules for finding in rule.findings(facts, stage))


def _sorted(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(dict.fromkeys(findings), key=lambda finding: finding.rank))
