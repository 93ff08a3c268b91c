"""What a document states its drug to be: "the active substance is …", "BRAND contains …", "BRAND (…)", "generic name: …"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

__all__ = [
    "SALT",
    "SALTS",
    "base_name",
    "brands_beside",
    "is_name",
    "leaflet_brands",
    "stated_brands",
    "stated_ingredients",
]

SALTS = (
    "hydrochloride|dihydrochloride|besilate|besylate|maleate|mesilate|mesylate|esilate|tosylate|tosilate|sodium|disodium|"
    "potassium|sulfate|sulphate|acetate|citrate|tartrate|bitartrate|fumarate|hemifumarate|succinate|phosphate|"
    "hydrobromide|calcium|magnesium|bromide|chloride|nitrate|hcl|monohydrate|dihydrate|trihydrate|hydrate|anhydrous|"
    "lactate|malate|etexilate|mofetil hydrochloride|dipropionate|propionate|furoate|valerate|pamoate|embonate|arginine|"
    "erbumine|tert-butylamine|hemihydrate|sesquihydrate|xinafoate|palmitate|decanoate|edisylate"
)
SALT = re.compile(rf"(?:{SALTS})\b")
_LAST_SALT = re.compile(rf"\s(?:{SALTS})$")
_NAME = r"(?:\d-)?[a-z][a-z0-9' -]*[a-z0-9]"
_LIST = rf"{_NAME}(?:(?:, | and |, and |/| \+ ){_NAME}){{0,4}}"
#: phrases that name what a product is made of, the surest first
_STATED = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\bactive (?:substance|ingredient|component)s(?: (?:in|of) [\w® ,/-]{{2,80}}?)? are(?: ?:)? (?:called )?(?P<all>{_LIST})",
        rf"\bactive (?:substance|ingredient|component)s?(?: (?:in|of) [\w® ,/-]{{2,80}}?)?(?: is|:)(?: ?:)? (?:called )?(?P<d>{_LIST})",
        rf"\bcontains? (?:the |an? |two |three )?(?:active )?(?:substance|ingredient|medicine|drug|component)s?,?(?: called| named|:)? (?P<d>{_LIST})",
        rf"\b(?:active substances?|two medicines|combination of)(?: of [\w® -]{{2,30}})?(?:,| \()? ?(?P<d>{_NAME} and {_NAME})",
        rf"\bgeneric name:? ?(?P<d>{_LIST})",
        rf"\bbrand names? (?:for|of) (?:the (?:drug|medicine|medication) )?(?P<d>{_NAME}?)(?= (?:is|are|include)|[.,;:(]|$)",
        rf"\bthe generic (?:name|version|form)(?: (?:of|for) [\w® -]{{2,30}}?)? is (?P<d>{_NAME})",
    )
)
#: "Active ingredient (in each tablet) Ibuprofen 200 mg": a label's head with its amounts
_LABELLED = re.compile(
    r"\bactive ingredients?(?: \([^)]{1,60}\))?[:=\s]*(?P<d>[a-z].{3,160}?)(?=\bpurposes?\b|\buses?\b|\bwarnings?\b|$)"
)
_AMOUNT = re.compile(
    r"(?P<n>[a-z][a-z-]+(?: [a-z]+){0,2}?)(?: \([^)]*\))?,? [\d.,]+ ?(?:mg|mcg|g|ml|%|units|micrograms?)(?![a-z])"
)
#: a digit that begins a word, written so that the search can leap from digit to digit
_AMOUNT_OF = re.compile(r"\d(?<!\w\d)[\d.,]* ?(?:mg|mcg|g|micrograms?|milligrams?) (?:of )?(?=[a-z])")
#: what other medicines are made of: "medicines with any of these active substances: …"
_OF_OTHERS = re.compile(r"\b(?:any|one|some|medicines?|other)\b[^.]{0,40}\b(?:following|these)\s$")
#: the salt in which a substance is there: "indacaterol (as acetate) and …"
_AS_SALT = re.compile(r" \((?:as|in the form of) [^()]{2,50}\)")
_NO_DRUG = re.compile(
    r"\b(?:monoclonal|antibod\w+|virus(?:es)?|modified|antigens?|recombinant|the|this|these|that|which|it|following|per|each|other|same|"
    r"amount|dose|called|belongs?|medicine|medicines|substances?|drugs?|product|tablets?|capsules?|an?|your|not|lactose|sugar|"
    r"alcohol|gluten|soya|also|plasma|cells?|human)\b"
)
_ENDS = re.compile(
    r" (?:in|is|are|as|which|that|used|for|to|by|from|with|at|on|or|also|per|works?|acts?|belongs?|comes|contains?|the|an?|"
    r"available|has|can|may|may|each|this|of|were|was|will|when|it|you|your)\b.*"
)
#: common stems of international names, and endings that other words share
_STEM = re.compile(
    r"(?:mab|nib|vir|tide|gliptin|gliflozin|siran|rsen|gepant|orexant|cept|pril|sartan|statin|prazole|dipine|olol|azole|cillin|"
    r"mycin|oxacin|cycline|triptan|setron|azepam|barbital|tadine|caine|profen|coxib|xaban|parin|fibrate|terol|sone|solone|"
    r"parib|ciclib|limus|dronate|dronic|platin|taxel|rubicin|stigmine|ium|cel|vec|tocog|poetin|grastim|ermin|ase|stat|caftor)$"
)
_ENDING = re.compile(
    rf"{_STEM.pattern}|(?:ine|in|ol|am|an|en|one|ide|ate|il|fen|ane|ex|ix|ra|yl|ax|or|ib|od|im|us|ast|ad|on|id|fil|cin)$"
)
_SECOND = frozenset(["acid", "alfa", "beta", "gamma", "insulin", "toxin", "vaccine", "globulin", "immunoglobulin"])
_BRAND_LIST = re.compile(
    r"\b(?:[Bb]rand|[Tt]rade) names?(?: (?:include|includes|are|is|such as))?:? (?P<b>[A-Z][\w®-]+(?:(?:, | and |, and | or )[A-Z][\w®-]+){0,5})"
)
#: a product's whole name, with the company's behind the substance's
_PRODUCT = r"((?:[A-Z][\w/-]*[a-z][\w/-]*(?: [a-z]+)? ){0,2}[A-Z][\w-]*[a-z][\w-]*(?: [A-Z][\w-]+)?)"
#: "What Keppra is and what it is used for", "How to take Keppra"
_LEAFLET_HEADS = re.compile(
    rf"\bWhat {_PRODUCT} is and what it is used for|\bbefore you (?:take|use|are given) {_PRODUCT}|\bHow to (?:take|use|store) {_PRODUCT}"
)
#: so many characters open a text
_OPENING = 1500
_BRACKET = re.compile(r"(?P<a>[A-Za-z][\w® -]{2,40}?) \((?P<b>[A-Za-z][\w ,®-]{2,60})\)")


def base_name(name: str) -> str:
    """A substance's name without its salt: "amlodipine besilate" is amlodipine."""
    plain = re.sub(r"\s*(?:\(.*?\)|\[.*?\])", "", name.lower()).strip()
    while (cut := _LAST_SALT.sub("", plain)) != plain:
        plain = cut
    return plain


def stated_ingredients(text: str, known: Iterable[str]) -> tuple[str, ...]:
    """The base names of what the document says its drug is made of; () where it says nothing that names one."""
    low, names = " ".join(text.lower().split()), frozenset(known)
    for label in _LABELLED.finditer(low) if "active ingredient" in low else ():
        listed = [base_name(m.group("n")) for m in _AMOUNT.finditer(label.group("d"))]
        if found := tuple(dict.fromkeys(name for name in listed if is_name(name, names))):
            return found
    low = _AS_SALT.sub("", _AMOUNT_OF.sub("", low))
    sole: tuple[str, ...] = ()
    for pattern in _STATED:
        several = "all" in pattern.groupindex
        for match in pattern.finditer(low):
            if _OF_OTHERS.search(low, max(0, match.start() - 60), match.start()):
                continue
            found = _names(match.group("all" if several else "d"), names, several=several)
            if len(found) > several:
                return found
            sole = sole or found
    return sole


def is_name(name: str, known: frozenset[str], *, sure: bool = False) -> bool:
    """Whether ``name`` is a known substance's or has the ending of one; ``sure`` asks for an ending that words lack."""
    words = name.split()
    if name in known or words[0] in known or words[-1] in known:
        return True
    if sure or len(words) > 1:
        return any(_STEM.search(word) for word in words) or words[-1] in _SECOND
    return _ENDING.search(name) is not None


def _names(phrase: str, known: frozenset[str], *, several: bool = False) -> tuple[str, ...]:
    """The base names of an enumeration; () where a part of it names no substance.

    After the first, a part must look more like a substance's name, unless ``several`` are announced.
    """
    found: list[str] = []
    for part in re.split(r", and |, | and |/| \+ ", phrase):
        plain = re.sub(r"\s\d.*", "", _ENDS.sub("", part.strip()))
        plain = re.sub(r"^(?:human |recombinant )", "", plain)
        name = base_name(plain)
        if name.split()[:1] and name not in known and name.split()[0] in known:
            rest = name.split()[1:]
            name = (
                name
                if any(w in {"acid", "alfa", "beta", "disoproxil", "alafenamide", "mofetil"} for w in rest)
                else name.split()[0]
            )
        if (
            len(name) < 4
            or len(name.split()) > 3
            or _NO_DRUG.search(name)
            or not is_name(name, known, sure=bool(found) and not several)
        ):
            return tuple(found) if found else ()
        found.append(name)
    return tuple(dict.fromkeys(found))


def brands_beside(text: str, names: Iterable[str]) -> tuple[str, ...]:
    """The brands that the opening of a text sets beside the drug's name, and that the text then uses.

    "Valium / Diazepam", "Wellbutrin (generic: bupropion)", "codeine, brand name Xyz".
    """
    own = frozenset(names)
    spelled = "|".join(re.escape(name) for name in sorted(own, key=lambda n: (-len(n), n)))
    brand = r"(?P<b>[A-Z][a-zA-Z]{3,})"
    before = rf"{brand}®?\s*(?:/|\(\s*(?:generic(?: name)?:?\s*)?)\s*(?i:{spelled})\b"
    after = (
        rf"\b(?i:{spelled})(?: [a-z]+)?\s*(?:/|\(\s*(?:brand names?:?\s*)?|,? \(?(?:also |previously |formerly |sold |marketed )"
        rf"?(?:known |sold |called )?(?:as|under the brand names?|brand names?|called) )\s*{brand}"
    )
    packed = (
        rf"(?m)^{brand}® ?\d[\d.,]* ?(?:mg|g|micrograms?|ml|units)\b[^\n]{{0,60}}\n+\s*\(?(?i:{spelled})\b".replace(
            "® ?", "®? ?"
        )
    )
    found = [m.group("b") for pattern in (before, after, packed) for m in re.finditer(pattern, text[:_OPENING])]
    return tuple(
        b
        for b in dict.fromkeys(found)
        if b.lower() not in own | frozenset(SALTS.split("|")) and len(re.findall(rf"\b{b}\b", text)) > 1
    )


def leaflet_brands(text: str) -> tuple[str, ...]:
    """The product that a package leaflet's headings name, as European leaflets have them; () where they name none."""
    found = Counter(next(name for name in m.groups() if name) for m in _LEAFLET_HEADS.finditer(text))
    return tuple(name for name, count in found.most_common(1) if count >= 2 and text.count(name) >= 4)


def stated_brands(title: str, text: str, names: Iterable[str]) -> tuple[str, ...]:
    """The brands that a title sets beside the drug's name: "Brand (drug)", "drug (Brand, Brand)"."""
    own = {n for name in names for n in (name, *name.split())}
    out: list[str] = []
    for m in _BRACKET.finditer(title):
        first, inside = m.group("a").strip(), m.group("b").strip()
        if base_name(first).split()[0] in own:
            out += [b.strip() for b in inside.split(",") if b.strip()[:1].isupper() and b.strip().lower() not in own]
        elif base_name(inside).split()[0] in own and first[:1].isupper():
            out.append(first.split(":")[-1].split()[-1])
    for m in _BRAND_LIST.finditer(text):
        out += [
            b for b in re.split(r", and |, | and | or ", m.group("b")) if b.lower() not in own and text.count(b) > 1
        ]
    return tuple(
        b
        for b in dict.fromkeys(out)
        if text.count(b) + title.count(b) >= 1 and len(b.split()) <= 3 and not _HOW_GIVEN.search(b)
    )


#: what a title says in brackets of how the drug is given: "Zentralin (Oral Route)"
_HOW_GIVEN = re.compile(
    r"(?i)\b(?:route|tablets?|capsules?|injections?|oral|topical|nasal|inhalation|ophthalmic|cream|solution|by mouth)\b"
)
