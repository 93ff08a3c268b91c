"""Which drug, combination or class an article is about, and what else it calls it."""

from __future__ import annotations

import pytest

from articles import extracted, names, said


def subject(title: str, text: str) -> tuple[str, str]:
    found = extracted(f"# {title}\n\n{text}\n\n## Side effects\n\nIt may cause nausea.\n", "a.md")
    (one,) = {(f.drug, str(f.subject_type)) for f in found}
    return one


@pytest.mark.parametrize(
    ("title", "text", "drug"),
    [
        ("Diclofenac (oral)", "Diclofenac is a painkiller.", "diclofenac"),
        ("Ciprofloxacin eye drops", "Ciprofloxacin is an antibiotic.", "ciprofloxacin"),
        ("About sertraline", "Sertraline is an antidepressant, as is fluoxetine.", "sertraline"),
        ("Baclofen - a guide", "Baclofen is a muscle relaxant.", "baclofen"),
        ("Salbutamol inhaler: uses and side effects", "Prednisolone may be given as well.", "salbutamol"),
        ("Amlodipine | Some Clinic", "Amlodipine besilate is a calcium channel blocker.", "amlodipine"),
        ("Ibuprofen vs paracetamol", "Ibuprofen is an NSAID. Paracetamol is none.", "ibuprofen"),
        ("Warfarin and vitamin K", "Warfarin and vitamin K must be balanced.", "warfarin"),
        ("Can you drink alcohol on metronidazole?", "Metronidazole is an antibiotic.", "metronidazole"),
        ("Tylenol (acetaminophen)", "Tylenol is a painkiller.", "acetaminophen"),
        ("Qulipta: package leaflet", "Qulipta is a tablet. The active substance is atogepant.", "atogepant"),
        ("Zentralin", "Zentralin is a medicine for spasms.", "zentralin"),
        ("Insulin Firm", "The active substance is insulin lispro.", "insulin lispro"),
        (
            "Somnol",
            "Medicines with any of the following active substances: warfarin. The active substance is timolol.",
            "timolol",
        ),
        ("Your spasm medicine", "Baclofen is a muscle relaxant. Take baclofen with food. Baclofen is old.", "baclofen"),
    ],
)
def test_a_drug_is_found_by_title_and_text(title: str, text: str, drug: str) -> None:
    assert subject(title, text) == (drug, "drug")


@pytest.mark.parametrize(
    ("title", "text", "drug"),
    [
        (
            "Amoxicillin and clavulanic acid",
            "Amoxicillin and clavulanic acid is one tablet.",
            "amoxicillin + clavulanic acid",
        ),
        ("Co-codamol", "Co-codamol is a painkiller.", "codeine + paracetamol"),
        ("Sacubitril/valsartan", "Sacubitril/valsartan helps the heart.", "sacubitril + valsartan"),
        ("Hydrocodone-Acetaminophen", "Hydrocodone-acetaminophen is strong.", "hydrocodone + acetaminophen"),
        ("Somnol", "The active substances of Somnol are travoprost and timolol.", "travoprost + timolol"),
        ("Duo", "The active substances are travoprost (as acid) and zentridine.", "travoprost + zentridine"),
    ],
)
def test_facts_on_a_combination_are_the_combinations(title: str, text: str, drug: str) -> None:
    assert subject(title, text) == (drug, "combination")


@pytest.mark.parametrize(
    ("title", "text", "name"),
    [
        ("Antihistamines", "Antihistamines treat hay fever; cetirizine is one.", "antihistamine"),
        (
            "Proton pump inhibitors",
            "Proton pump inhibitors (PPIs), such as omeprazole, lower acid.",
            "proton pump inhibitor",
        ),
        ("Reliever inhalers", "Reliever inhalers are blue. Use your reliever inhaler first.", "reliever inhaler"),
        ("Medicines for high blood pressure", "Amlodipine is one, losartan another.", "high blood pressure medicine"),
    ],
)
def test_an_article_on_a_class_has_the_class_as_its_subject(title: str, text: str, name: str) -> None:
    assert subject(title, text) == (name, "drug-class")


def test_an_article_on_a_disease_has_no_drug() -> None:
    found = extracted("# Gout\n\nGout is treated with allopurinol, colchicine or naproxen.\n", "a.md")
    assert not found.facts
    assert found.problem


def test_a_classs_abbreviation_speaks_of_the_class() -> None:
    text = "# Proton pump inhibitors\n\nProton pump inhibitors (PPIs) lower acid.\n\nPPIs can cause headache.\n"
    assert "headache" in names(extracted(text, "a.md"), "adverse-effect")


@pytest.mark.parametrize(
    "text",
    [
        "# Baclofen (Relaxor)\n\nBaclofen is a muscle relaxant.\n",
        "# Baclofen\n\nRelaxor (baclofen) is a muscle relaxant.\n",
        "# Baclofen\n\nBaclofen is sold under the brand name Relaxor.\n",
        "# Baclofen\n\n## Brand names\n\n- Relaxor\n",
        "Drugs > Muscles > Baclofen (Flexor, Relaxor)\n\n# Baclofen\n\nBaclofen is a muscle relaxant.\n",
        "# Baclofen\n\nAlso called Flexor®; Relaxor®\n\nBaclofen is a muscle relaxant.\n",
        "# Baclofen\n\nA slow tablet, Relaxor, followed. Baclofen is a muscle relaxant.\n",
        "# Baclofen\n\nBrand names in some countries include Relaxor and Flexor.\n\nBaclofen relaxes muscles.\n",
        "# Baclofen (Flexor)\n\n- Baclofen (Flexor, Relaxor, Relaxor XR) relaxes muscles.\n",
        "# Baclofen\n\nBaclofen, an old drug, came on the market in 1971 as Relaxor.\n",
    ],
)
def test_a_brand_is_named_wherever_it_is_joined_to_the_drug(text: str) -> None:
    assert "Relaxor" in names(extracted(text, "a.md"), "brand-name")


def test_the_company_in_a_products_name_is_no_brand() -> None:
    heads = "# What Zentralin mesilate Firma is and what it is used for\n\n# How to take Zentralin mesilate Firma\n\n"
    text = "Zentralin mesilate Firma contains lactose. Zentralin mesilate Firma contains zentralin mesilate.\n"
    assert names(extracted(heads + text * 3, "a.md"), "brand-name") == {"Zentralin mesilate Firma"}


def test_an_abbreviation_or_another_drug_in_brackets_is_no_brand() -> None:
    text = "# Sertraline\n\nSertraline (SSRI) is an antidepressant. Sertraline (like Fluoxetine) is old.\n"
    assert names(extracted(text, "a.md"), "brand-name") == set()


def test_how_a_name_is_said_is_no_brand() -> None:
    assert names(extracted("# Baclofen\n\nBaclofen (bac-LOE-fen) relaxes muscles.\n", "a.md"), "brand-name") == set()


def test_a_salt_is_a_synonym() -> None:
    text = "# Amlodipine\n\nAmlodipine besilate is a calcium channel blocker.\n"
    assert names(extracted(text, "a.md"), "synonym") == {"amlodipine besilate"}


def test_a_spelling_of_the_drug_is_the_drug() -> None:
    text = "# Aciclovir\n\nAciclovir is an antiviral.\n\n## Side effects\n\nAcyclovir may cause nausea.\n"
    assert names(extracted(text, "a.md"), "adverse-effect") == {"nausea"}


def test_another_drugs_facts_are_not_the_subjects() -> None:
    text = (
        "# Ibuprofen vs paracetamol\n\nIbuprofen is an NSAID.\n\n## Side effects of paracetamol\n\n- liver damage\n\n"
        "## Pregnancy\n\nParacetamol is safe in pregnancy. Ibuprofen should be avoided in late pregnancy.\n"
    )
    found = extracted(text, "a.md")
    assert names(found, "adverse-effect") == set()
    assert names(found, "population") == {"third trimester of pregnancy"}


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("Zentralin is a macrolide antibacterial drug indicated for infections.", "macrolide antibacterial"),
        ("Zentralin is an angiotensin converting enzyme (ACE) inhibitor.", "angiotensin converting enzyme inhibitor"),
        ("Zentralin is a tumor necrosis factor (TNF) blocker.", "tumor necrosis factor blocker"),
        ("Zentralin is a proton pump inhibitor (PPI).", "PPI"),
        ("We also call it a disease-modifying anti-rheumatic drug.", "disease-modifying anti-rheumatic drug"),
        ("You may hear it described as an NDRI.", "NDRI"),
        ("Zentralin is a cancer medicine known as a PARP inhibitor.", "parp inhibitor"),
        ("Zentralin belongs to a series of monoclonal antibodies.", "monoclonal antibody"),
        ("Chemical class: Benzofuran derivative", "benzofuran derivative"),
    ],
)
def test_a_class_is_named_as_a_whole(sentence: str, name: str) -> None:
    assert name in names(said(sentence, "About zentralin"), "drug-class")


def test_what_is_taken_before_the_drug_or_clears_it_is_no_class_of_it() -> None:
    assert names(said("Antifungals block the enzyme that clears zentralin.", "Interactions"), "drug-class") == set()
    assert names(said("Take the proton pump inhibitor at the same time as zentralin.", "Use"), "drug-class") == set()


def test_a_route_in_brackets_is_no_brand() -> None:
    text = "---\ndrug: Zentralin\n---\n\n# Zentralin (Inhalation Route)\n\nInhalation of Zentralin opens the airways.\n"
    assert names(extracted(text, "zentralin.md"), "brand-name") == set()


@pytest.mark.parametrize("line", ["Brand Names: BacloFEN", "Brand Names: Low Dose Baclofen", "Brand Names: Canada"])
def test_the_drugs_own_name_or_a_country_is_no_brand(line: str) -> None:
    found = names(extracted(f"# Baclofen\n\n{line}\n\nBaclofen relaxes muscles.\n", "baclofen.md"), "brand-name")
    assert found <= {"Low Dose Baclofen"}


def test_what_a_drug_was_called_is_a_brand_where_it_has_a_capital() -> None:
    text = "# Baclofen\n\nBaclofen (previously called Relaxor) relaxes muscles.\n"
    assert names(extracted(text, "baclofen.md"), "brand-name") == {"Relaxor"}
