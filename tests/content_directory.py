"""A small directory for tests of the content room: invented organisations beside a few whose names are imitated."""

from gateway.model.content_facts import AskKind
from gateway.model.directory import ORGANISATION, Directory, Identity, IdentityKind, ProtectedPerson
from gateway.model.domain import DomainName


def _names(*domains: str) -> tuple[DomainName, ...]:
    return tuple(DomainName(d) for d in domains)


DIRECTORY = Directory(
    identities=(
        Identity(
            id="assurance_maladie",
            name="Assurance Maladie",
            kind=IdentityKind.HEALTH_INSURANCE,
            aliases=("ameli", "l'Assurance Maladie", "CPAM", "Carte Vitale", "Caisse primaire d'assurance maladie"),
            domains=_names("ameli.fr", "assurance-maladie.fr"),
            never_asks=frozenset((AskKind.CREDENTIALS,)),
        ),
        Identity(
            id="viamedis",
            name="Viamedis",
            kind=IdentityKind.HEALTH_OPERATOR,
            aliases=("Viamedis",),
            domains=_names("viamedis.net"),
        ),
        Identity(
            id="caf",
            name="CAF",
            kind=IdentityKind.ADMINISTRATION,
            aliases=("Caisse d'allocations familiales",),
            weak_aliases=("CAF",),
            domains=_names("caf.fr"),
        ),
        Identity(
            id="impots",
            name="Finances publiques",
            kind=IdentityKind.ADMINISTRATION,
            aliases=("impots.gouv.fr", "DGFiP"),
            weak_aliases=("Impôts",),
            domains=_names("impots.gouv.fr", "dgfip.finances.gouv.fr"),
        ),
        Identity(
            id="la_poste",
            name="La Poste",
            kind=IdentityKind.CARRIER,
            aliases=("La Poste", "Colissimo"),
            domains=_names("laposte.fr"),
        ),
        Identity(
            id="orange",
            name="Orange",
            kind=IdentityKind.OTHER,
            aliases=("Orange Business",),
            weak_aliases=("Orange",),
            domains=_names("orange.com", "espace-client.orange.fr"),
        ),
        Identity(
            id="docusign",
            name="DocuSign",
            kind=IdentityKind.SAAS,
            aliases=("DocuSign",),
            domains=_names("docusign.net", "docusign.com"),
        ),
        Identity(
            id="microsoft",
            name="Microsoft",
            kind=IdentityKind.SAAS,
            aliases=("Microsoft", "Office 365", "OneDrive"),
            weak_aliases=("Teams",),
            domains=_names("microsoft.com", "sharepointonline.com", "aka.ms"),
        ),
        Identity(
            id="credit_agricole",
            name="Crédit Agricole",
            kind=IdentityKind.BANK,
            aliases=("Crédit Agricole",),
            domains=_names("credit-agricole.fr"),
        ),
        Identity(
            id="internal_service",
            name="Service interne",
            kind=IdentityKind.OTHER,
            aliases=("Service informatique", "Ressources humaines", "Direction générale"),
            weak_aliases=("Helpdesk",),
        ),
        Identity(
            id=ORGANISATION,
            name="Mutuelle Tamaris",
            kind=IdentityKind.ORGANISATION,
            aliases=("Mutuelle Tamaris",),
            domains=_names("mutuelle-tamaris.example", "tamaris-sante.fr", "paie-claire.fr"),
            confirmed=True,
        ),
    ),
    people=(
        ProtectedPerson(
            name="Hélène de Kervadec",
            role="directrice générale",
            addresses=("helene.kervadec@mutuelle-tamaris.example",),
        ),
        ProtectedPerson(name="Paul Oster", role="directeur financier", addresses=("paul.oster@tamaris-sante.fr",)),
    ),
    own_domains=_names("mutuelle-tamaris.example", "tamaris-sante.fr"),
    own_services=_names("paie-claire.fr"),
    report_mailboxes=frozenset(("abus@tamaris-sante.fr",)),
    benefits_mailboxes=frozenset(("prestations@tamaris-sante.fr",)),
    free_mail=frozenset(_names("gmail.com", "orange.fr", "laposte.net")),
    shorteners=frozenset(_names("bit.ly")),
    shared_hosting=frozenset(_names("pages.dev", "blob.core.windows.net", "docs.google.com", "sharepoint.com")),
    hosted_forms=frozenset(_names("forms.gle", "typeform.com")),
    redirectors=frozenset(_names("sendgrid.net", "safelinks.protection.outlook.com", "list-manage.com")),
)
