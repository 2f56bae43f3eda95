"""Display names, domains and texts that say an office and nobody."""

import pytest

from gateway.content.office_names import is_office_label, names_an_office, names_itself


@pytest.mark.parametrize(
    ("name", "office"),
    [
        ("Cellule fraude", True),
        ("Service des remboursements", True),
        ("Gestionnaire de paie", True),
        ("Centre de gestion des cartes", True),
        ("Service Paie, Cabinet Delorme", False),
        ("Sophie Lagadec", False),
        ("X", False),
        ("", False),
    ],
)
def test_names_of_offices(name: str, office: bool) -> None:
    assert names_an_office(name) is office


@pytest.mark.parametrize(
    ("label", "office"),
    [
        ("gestion-flux-soins", True),
        ("monespace-assures", True),
        ("aides-chauffage2026", True),
        ("soldefoyer", True),
        ("studio-lumen", False),
        ("agenda-sante-pro", False),
        ("prevoyance-sante", False),
        ("compte", False),
        ("a" * 300, False),
        ("", False),
    ],
)
def test_labels_of_offices(label: str, office: bool) -> None:
    assert is_office_label(label) is office


@pytest.mark.parametrize(
    ("name", "said", "label", "named"),
    [
        ("Service Paie", "Merci. Service Paie, Cabinet Delorme.", "cabinet-delorme-expertise", True),
        ("Espace adhérent", "votre espace de l'amicale est ouvert", "amicale-agents44", True),
        ("Gestion Notes", "votre mot de passe expire", "gestion-notes", True),
        ("Service Paie", "https://delorme.example/ compta@delorme.example", "delorme", False),
        ("Médiation", "Votre avis sur les litiges", "acces-litiges", False),
        ("Solde", "le solde des dossiers", "solde-dossiers", False),
    ],
)
def test_whose_office(name: str, said: str, label: str, named: bool) -> None:
    assert names_itself(name, said, label) is named
