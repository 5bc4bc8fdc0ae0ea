"""Rules R4, R17, R22 and R23 on the plan: what the chosen lots hold, what they are used for, the strength, and the dates."""

from collections.abc import Iterator

from compounding.domain.quantity import Concentration, Mass
from compounding.domain.safety.facts import PlanFacts
from compounding.domain.safety.finding import Action, Concern
from compounding.domain.safety.naming import words
from compounding.domain.safety.wording import listed
from compounding.domain.wording import said

# Words of an allergy or an excipient that tell nothing about the substance.
_EMPTY = frozenset({
    "allergy", "allergic", "to", "intolerance", "intolerant",
    "sensitivity", "sensitive", "anaphylaxis", "severe", "reaction", "and", "or", "the", "in", "of", "a",
    "monohydrate", "anhydrous", "hydrous", "dihydrate", "nf", "usp", "ph", "eur", "powder", "colour", "color", "dye", "dyes", "colorant",
})  # fmt: skip
# Everyday names beside those on a tablet's label (USP-NF titles and their synonyms). A whole phrase is replaced by a whole phrase.
_SAME: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("lactose", ("lactose", "milk", "milk sugar", "dairy")),
    ("starch", ("starch", "corn", "maize", "cornstarch", "crospovidone starch")),
    ("polyethylene glycol", ("polyethylene glycol", "peg", "macrogol", "polyethylene glycols")),
    ("hypromellose", ("hypromellose", "hpmc", "hydroxypropyl methylcellulose", "hydroxypropylmethylcellulose", "methocel")),
    ("cellulose", ("microcrystalline cellulose", "mcc", "avicel", "cellulose")),
    ("paraben", ("paraben", "parabens", "methylparaben", "propylparaben", "methyl hydroxybenzoate", "propyl hydroxybenzoate")),
    ("benzoate", ("sodium benzoate", "benzoic acid", "benzoate", "benzoates")),
    ("glycerol", ("glycerol", "glycerin", "glycerine")),
    ("titanium", ("titanium dioxide", "titanium")),
    (
        "iron oxide",
        ("iron oxide", "iron oxides", "ferric oxide", "yellow iron oxide", "iron oxide yellow", "red iron oxide", "iron oxide red", "iron oxide black"),
    ),
    ("tartrazine", ("tartrazine", "fd c yellow 5", "yellow 5", "yellow no 5", "fd c yellow no 5")),
    ("gelatin", ("gelatin", "gelatine", "pork", "bovine gelatin")),
    ("polysorbate", ("polysorbate", "polysorbate 80", "tween", "tween 80")),
    ("sulfite", ("sulfite", "sulfites", "sulphite", "sulphites", "metabisulfite", "sodium metabisulfite", "potassium metabisulfite")),
    ("magnesium stearate", ("magnesium stearate", "stearate", "stearates")),
    ("silica", ("silica", "colloidal silicon dioxide", "colloidal silica", "silicon dioxide")),
)
_DYE = frozenset({"dye", "dyes", "colorant", "colour", "color", "colouring", "coloring"})
_COLOURS = frozenset({"iron oxide", "tartrazine"})
# Fillers that must not be: calcium carbonate lowers the absorption, the others release slowly (rule R17). Every word of one stands in the name.
# Titles, brands, grades and E numbers: of the makers' own lists, USP-NF and the Handbook of Pharmaceutical Excipients.
_BAD_FILLERS = (
    "calcium carbonate", "caco3", "chalk", "limestone", "oyster shell", "e 170",
    "hypromellose", "hpmc", "hydroxypropyl methylcellulose", "hydroxypropylmethylcellulose", "methyl cellulose", "methylcellulose", "methocel", "benecel",
    "metolose", "pharmacoat", "e4m", "e10m", "k4m", "k15m", "k100m", "k100lv", "e 461", "e 464",
    "hydroxypropyl cellulose", "hydroxypropylcellulose", "propyl cellulose", "hyprolose", "hpc", "klucel", "e 463",
    "hydroxyethylcellulose", "hydroxyethyl cellulose", "hyetellose", "hec", "natrosol", "ethylcellulose", "ethyl cellulose", "ethocel", "aquacoat",
    "surelease", "e 462", "cellulose acetate", "carbomer", "carboxyvinyl polymer", "carbopol", "polycarbophil", "eudragit", "polymethacrylate",
    "methacrylic acid", "methacrylate", "polyethylene oxide", "polyox", "polyvinyl acetate", "kollidon sr", "kollicoat sr",
    "alginate", "alginic acid", "xanthan", "guar", "locust bean", "carrageenan", "chitosan", "e 401", "e 412", "e 415",
    "glyceryl behenate", "compritol", "glyceryl palmitostearate", "precirol", "carnauba wax", "hydrogenated vegetable oil", "hydrogenated castor oil",
    "shellac", "slow release", "sustained release", "extended release", "controlled release", "prolonged release", "modified release",
    "delayed release",
)  # fmt: skip


def excipient_allergy(facts: PlanFacts) -> Iterator[Concern]:
    """R4 on the plan: an allergy to something that the chosen lots hold; a stop after an anaphylaxis, else a warning."""
    patient = facts.order.patient
    severe = {entry.casefold() for entry in patient.severe_allergies}
    for entry in dict.fromkeys((*patient.allergies, *patient.severe_allergies)):
        met = tuple(dict.fromkeys(name for name in facts.excipients if _same_substance(entry, name)))
        if met and entry.casefold() in severe:
            sentence = f'The patient had an anaphylaxis to "{entry}", and the chosen lots hold {listed(met)}. Choose lots or a formula without it.'
            yield Concern(Action.STOP, sentence, (entry, *met), resolvable=True)
        elif met:
            sentence = f'The patient does not tolerate "{entry}", and the chosen lots hold {listed(met)}. Choose others, or write why these are right.'
            yield Concern(Action.WARN, sentence, (entry, *met))


def slow_filler(facts: PlanFacts) -> Iterator[Concern]:
    """R17: calcium carbonate or a controlled-release polymer in the part of filler; tablets and shells may hold them."""
    for name in dict.fromkeys(facts.fillers):
        if is_bad_filler(name):
            sentence = f"{name} as filler lowers or delays the absorption of naltrexone. Choose another filler, such as microcrystalline cellulose."
            yield Concern(Action.BLOCK, sentence, (name,))


def is_bad_filler(name: str) -> bool:
    """Whether `name` is that of a filler that lowers or delays the absorption."""
    spelled = set(words(name))
    return any(set(words(bad)) <= spelled for bad in _BAD_FILLERS)


def new_strength(facts: PlanFacts) -> Iterator[Concern]:
    """R22: a strength that differs from that of the patient's last bottle."""
    last = facts.last_fill
    if last is None:
        return
    pairs: tuple[tuple[Concentration | Mass | None, Concentration | Mass | None], ...] = (
        (last.strength, facts.strength),
        (last.capsule_strength, facts.capsule_strength),
    )
    for before, now in pairs:
        if before is not None and now is not None and before != now:
            sentence = (
                f"NEW STRENGTH: this is {now}, the patient's last was {before}; the old amount would be another dose. Keep {before}, "
                "or have the change checked a second time, tell prescriber and patient, and print NEW STRENGTH."
            )
            yield Concern(Action.BLOCK, sentence, (before, now))


def past_the_date(facts: PlanFacts) -> Iterator[Concern]:
    """R23: a container that would be used past its beyond-use date."""
    for fill in facts.fills:
        if fill.last_used_on > fill.until:
            sentence = (
                f"Container {fill.number} is used until {said(fill.last_used_on)} and must not be used after {said(fill.until)}. "
                "Split it into more containers or choose another vehicle; the date cannot be made longer."
            )
            yield Concern(Action.BLOCK, sentence, (fill.number, fill.last_used_on, fill.until))


def _same_substance(allergy: str, excipient: str) -> bool:
    told, held = _substances(allergy), _substances(excipient)
    if told & held or (set(words(allergy)) & _DYE and held & _COLOURS):
        return True
    named, content = set(words(allergy)) - _EMPTY, set(words(excipient)) - _EMPTY
    return bool(named and content) and (named <= content or content <= named)


def _substances(text: str) -> set[str]:
    spelled = words(text)
    return {name for name, spellings in _SAME if any(_phrase_in(words(spelling), spelled) for spelling in spellings)}


def _phrase_in(phrase: tuple[str, ...], spelled: tuple[str, ...]) -> bool:
    return any(spelled[start : start + len(phrase)] == phrase for start in range(len(spelled) - len(phrase) + 1))
