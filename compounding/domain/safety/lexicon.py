"""Names of medicines as people write them, by what they mean for naltrexone. Data only; `naming` matches them.

Sources: opioids of the FDA label's contraindications and warnings (naltrexone tablets, sections 4 and 5), the titles of US labels on
DailyMed, and rules R1, R2, R13, R14, R19 and R24. The lists are a start that a pharmacist signs off: a name that is missing here is never
passed over in silence but shown as NOT CHECKED. Names are written as `naming.words` leaves them: lower case, no marks.
"""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a medicine is, as far as the rules care."""

    SHORT = "a short-acting opioid"
    LONG = "a long-acting opioid"
    DEPOT = "a buprenorphine injection or implant"
    ANTIDIARRHOEAL = "an opioid against diarrhoea"
    NALTREXONE = "naltrexone"
    THYROID = "a thyroid medicine"
    GLUCOSE = "a glucose-lowering medicine"
    PLAIN = "known, and of no concern to these rules"


OPIOIDS = frozenset({Kind.SHORT, Kind.LONG, Kind.DEPOT})


@dataclass(frozen=True, slots=True)
class Substance:
    """A medicine by its generic name, with brands and other spellings in `also`.

    `missed`: an opioid that people often do not count as one (rule R19). `another`: a naltrexone product that is never a low dose (rule R24).
    """

    name: str
    kind: Kind
    also: tuple[str, ...] = ()
    missed: bool = False
    another: bool = False


def _of(kind: Kind, name: str, also: str = "", *, missed: bool = False) -> Substance:
    return Substance(name, kind, tuple(item.strip() for item in also.split(",") if item.strip()), missed)


_SHORT = (
    _of(Kind.SHORT, "oxycodone", "percocet, percodan, roxicodone, roxybond, oxaydo, oxecta, endocet, endodan, roxicet, tylox, nalocet, primlev, prolate"),
    _of(Kind.SHORT, "hydrocodone", "vicodin, norco, lortab, lorcet, xodol, verdrocet, "
        "vicoprofen, ibudone, reprexain, apadaz, benzhydrocodone, anexsia, zydone"),
    _of(Kind.SHORT, "hydrocodone cough medicine", "hycodan, hydromet, tussigon, hycofenix, obredon, rezira, zutripro, vituz, flowtuss", missed=True),
    _of(Kind.SHORT, "hydromorphone", "dilaudid"),
    _of(Kind.SHORT, "morphine", "msir, roxanol, duramorph, infumorph"),
    _of(Kind.SHORT, "oxymorphone", "opana, numorphan"),
    _of(Kind.SHORT, "meperidine", "demerol, pethidine, meperitab"),
    _of(Kind.SHORT, "opium", "paregoric, laudanum, b o supprettes, belladonna and opium, poppy tea, poppy seed tea", missed=True),
    _of(Kind.SHORT, "pentazocine", "talwin"),
    _of(Kind.SHORT, "butorphanol", "stadol"),
    _of(Kind.SHORT, "nalbuphine", "nubain"),
    _of(Kind.SHORT, "fentanyl lozenge", "actiq, fentora, subsys, abstral, lazanda, onsolis"),
    _of(Kind.SHORT, "sufentanil", "dsuvia, sufenta"),
    _of(Kind.SHORT, "remifentanil", "ultiva"),
    _of(Kind.SHORT, "alfentanil", "alfenta"),
    _of(Kind.SHORT, "oliceridine", "olinvyk"),
    _of(Kind.SHORT, "heroin", "diamorphine, diacetylmorphine"),
    _of(Kind.SHORT, "codeine", "tylenol no 2, tylenol no 3, tylenol no 4, tylenol 2, tylenol 3, "
        "tylenol 4, co codamol, fioricet with codeine, fiorinal with codeine, "
        "ascomp, tuxarin, tuzistra, cheratussin ac, guaiatussin ac, virtussin ac, robitussin ac, mytussin ac, guaifenesin ac, iophen c, "
        "phenergan with codeine, promethazine vc with codeine", missed=True),
    _of(Kind.SHORT, "dihydrocodeine", "trezix, synalgos dc, panlor, dvorah, co dydramol", missed=True),
    _of(Kind.SHORT, "tramadol", "ultram, ultracet, qdolo, seglentis, rybix", missed=True),
    _of(Kind.SHORT, "tapentadol", "nucynta", missed=True),
    _of(Kind.SHORT, "kratom", "mitragynine, mitragyna, mitragyna speciosa", missed=True),
    _of(Kind.SHORT, "7-hydroxymitragynine", "7 oh, 7 hydroxy, 7 oh mit, hydroxymitragynine, 7 hydroxymitragynine", missed=True),
    _of(Kind.SHORT, "tianeptine", "stablon, coaxil, tianaa, neptune s fix, zaza red, zaza silver", missed=True),
    _of(Kind.SHORT, "opioid", "opioids, opiate, opiates, narcotic pain medicine"),
)  # fmt: skip
_LONG = (
    _of(Kind.LONG, "methadone", "dolophine, methadose, diskets"),
    _of(Kind.LONG, "levomethadyl", "laam, orlaam"),
    _of(Kind.LONG, "buprenorphine", "suboxone, subutex, zubsolv, bunavail, cassipa, belbuca, temgesic, buprenex"),
    _of(Kind.LONG, "buprenorphine patch", "butrans, buprenorphine transdermal", missed=True),
    _of(Kind.LONG, "fentanyl", "carfentanil"),
    _of(Kind.LONG, "fentanyl patch", "duragesic, fentanyl transdermal", missed=True),
    _of(Kind.LONG, "oxycodone extended release", "oxycontin, xtampza, xartemis, targiniq, troxyca"),
    _of(Kind.LONG, "hydrocodone extended release", "zohydro, hysingla, vantrela"),
    _of(Kind.LONG, "hydrocodone extended release cough medicine", "tussionex, tussicaps", missed=True),
    _of(Kind.LONG, "morphine extended release", "ms contin, kadian, avinza, arymo, morphabond, oramorph, embeda"),
    _of(Kind.LONG, "hydromorphone extended release", "exalgo"),
    _of(Kind.LONG, "tramadol extended release", "conzip, ryzolt", missed=True),
    _of(Kind.LONG, "levorphanol", "levo dromoran"),
)
_DEPOT = (
    _of(
        Kind.DEPOT,
        "buprenorphine injection",
        "sublocade, brixadi, buvidal, buprenorphine depot, buprenorphine monthly, buprenorphine weekly, suboxone injection",
    ),
    _of(Kind.DEPOT, "buprenorphine implant", "probuphine"),
)
_NALTREXONE = (
    _of(Kind.NALTREXONE, "naltrexone", "low dose naltrexone, ldn, naltrexone hydrochloride, naltrexone hcl"),
    Substance("Vivitrol", Kind.NALTREXONE, ("vivitrol", "naltrexone injection", "naltrexone er injection", "extended release naltrexone"), another=True),
    Substance("Contrave", Kind.NALTREXONE, ("contrave", "naltrexone bupropion", "bupropion naltrexone", "mysimba"), another=True),
    Substance("naltrexone 50 mg tablets", Kind.NALTREXONE, ("revia", "depade", "trexan", "naltrexone implant"), another=True),
)
_DIARRHOEA = (
    _of(Kind.ANTIDIARRHOEAL, "loperamide", "imodium, diamode"),
    _of(Kind.ANTIDIARRHOEAL, "diphenoxylate", "lomotil, co phenotrope"),
    _of(Kind.ANTIDIARRHOEAL, "difenoxin", "motofen"),
    _of(Kind.ANTIDIARRHOEAL, "eluxadoline", "viberzi"),
)
_THYROID = (
    _of(Kind.THYROID, "levothyroxine", "synthroid, levoxyl, unithroid, tirosint, euthyrox, levo t, thyroxine, eltroxin"),
    _of(Kind.THYROID, "liothyronine", "cytomel"),
    _of(Kind.THYROID, "desiccated thyroid", "armour thyroid, np thyroid, nature throid, wp thyroid, niva thyroid, thyroid, liotrix, thyrolar"),
    _of(Kind.THYROID, "methimazole", "tapazole, thiamazole, carbimazole"),
    _of(Kind.THYROID, "propylthiouracil", "ptu"),
)
_GLUCOSE = (
    _of(Kind.GLUCOSE, "insulin", "lantus, toujeo, basaglar, semglee, rezvoglar, levemir, tresiba, humalog, admelog, "
        "novolog, fiasp, lyumjev, apidra, humulin, novolin, afrezza, soliqua, "
        "xultophy"),
    _of(Kind.GLUCOSE, "metformin", "glucophage, glumetza, fortamet, riomet, janumet, jentadueto, kombiglyze, "
        "kazano, synjardy, xigduo, invokamet, segluromet, actoplus met, glucovance"),
    _of(Kind.GLUCOSE, "a sulfonylurea", "glipizide, glucotrol, glyburide, glibenclamide, glynase, "
        "glimepiride, amaryl, gliclazide, tolbutamide, chlorpropamide"),
    _of(Kind.GLUCOSE, "a gliptin", "sitagliptin, januvia, zituvio, linagliptin, tradjenta, saxagliptin, onglyza, alogliptin, nesina"),
    _of(Kind.GLUCOSE, "a gliflozin", "empagliflozin, jardiance, glyxambi, trijardy, dapagliflozin, farxiga, qtern, "
        "canagliflozin, invokana, ertugliflozin, steglatro, bexagliflozin, brenzavvy, "
        "sotagliflozin, inpefa"),
    _of(Kind.GLUCOSE, "an incretin", "semaglutide, ozempic, rybelsus, wegovy, liraglutide, victoza, saxenda, "
        "dulaglutide, trulicity, exenatide, byetta, bydureon, lixisenatide, adlyxin, "
        "tirzepatide, mounjaro, zepbound, pramlintide, symlin"),
    _of(Kind.GLUCOSE, "a glitazone", "pioglitazone, actos, duetact, oseni, rosiglitazone, avandia"),
    _of(Kind.GLUCOSE, "a glinide", "repaglinide, prandin, nateglinide, starlix"),
    _of(Kind.GLUCOSE, "acarbose", "precose, miglitol, glyset"),
)  # fmt: skip
# Common medicines that no rule is about: listing them keeps NOT CHECKED short enough to be read.
_PLAIN = tuple(
    Substance(name, Kind.PLAIN)
    for name in (
        "acetaminophen", "acyclovir", "albuterol", "alendronate", "allopurinol", "amitriptyline", "amlodipine", "amoxicillin", "apixaban", "aspirin",
        "atenolol", "atorvastatin", "azathioprine", "baclofen", "bupropion", "buspirone", "calcium", "carvedilol", "celecoxib", "cetirizine",
        "citalopram", "clonazepam", "clopidogrel", "cyclobenzaprine", "diclofenac", "diltiazem", "doxycycline", "duloxetine", "escitalopram", "esomeprazole",
        "estradiol", "ezetimibe", "famotidine", "fexofenadine", "finasteride", "fluoxetine", "fluticasone", "folic acid", "furosemide", "gabapentin",
        "hydrochlorothiazide", "hydroxychloroquine", "hydroxyzine", "ibuprofen", "iron", "lamotrigine", "lisinopril", "loratadine", "lorazepam", "losartan",
        "magnesium", "melatonin", "meloxicam", "methotrexate", "methylprednisolone", "metoprolol", "mirtazapine", "montelukast", "naproxen", "omeprazole",
        "ondansetron", "pantoprazole", "paracetamol", "pravastatin", "prednisone", "pregabalin", "probiotic", "progesterone", "propranolol", "quetiapine",
        "rosuvastatin", "sertraline", "simvastatin", "spironolactone", "sulfasalazine", "sumatriptan", "tamsulosin", "topiramate", "trazodone", "tylenol",
        "valsartan", "venlafaxine", "vitamin b", "vitamin c", "vitamin d", "warfarin", "zolpidem",
    )
)  # fmt: skip

SUBSTANCES = (*_SHORT, *_LONG, *_DEPOT, *_NALTREXONE, *_DIARRHOEA, *_THYROID, *_GLUCOSE, *_PLAIN)

# Beside an opioid's name these make it long-acting: the longer wait applies.
LASTING = frozenset({"er", "xr", "sr", "la", "cr", "xl", "contin", "extended", "sustained", "controlled", "patch", "patches", "transdermal"})
PATCH = frozenset({"patch", "patches", "transdermal"})
# Beside buprenorphine's name these make it a depot.
DEPOT_FORMS = frozenset({"injection", "injections", "injectable", "injected", "implant", "implants", "depot", "monthly"})
# What is not a medicine's name in an entry such as "twice daily": never shown as NOT CHECKED.
DIRECTIONS = frozenset({
    "a", "after", "as", "at", "bedtime", "before", "bid", "by", "capsule", "capsules", "daily", "day", "each", "evening", "every", "for", "g", "hour", "hours",
    "hs", "in", "mcg", "meals", "mg", "ml", "month", "morning", "mouth", "needed", "night", "nightly", "of", "once", "oral", "orally", "pain", "per", "po",
    "prn", "qd", "qid", "sleep", "tab", "tablet", "tablets", "the", "tid", "times", "twice", "units", "week", "weekly", "with", "x", "none", "no", "medicines",
})  # fmt: skip
