"""What a message says, wants and hides, as typed facts. Rules combine these; nobody writes code to add a lure.

Every fact says where it was found and, where it rests on words, which (folded) stretch: [start, end) of `Folded.text`,
or (-1, -1) when it stands elsewhere. No fact holds a NIR, an IBAN or another person's value.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from gateway.model.address import Mailbox
from gateway.model.domain import DomainName
from gateway.model.folded import Folded, Region


class ClaimPlace(StrEnum):
    """Where a message says that it is somebody."""

    DISPLAY_NAME = "display_name"
    LOCAL_PART = "local_part"
    SUBJECT = "subject"
    HEADING = "heading"  # h1..h3, title, or the first lines
    SIGNATURE = "signature"  # the last lines, « Cordialement, ... »
    BODY = "body"  # "votre Assurance Maladie", first person of an organisation
    IMAGE_ALT = "image_alt"
    AUTHOR_DOMAIN = "author_domain"  # look-alike of its domain, or brand inside a foreign domain
    REPLY_TO = "reply_to"
    LINK_HOST = "link_host"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """The message pretends to be `identity` (an id of `rules/lists/`, "organisation" for the operator's own)."""

    identity: str
    place: ClaimPlace
    words: str = ""  # folded words that made it; never personal data
    start: int = -1
    end: int = -1


class AskKind(StrEnum):
    """What a message wants of its reader."""

    CREDENTIALS = "credentials"  # password, identifiers, "log in here"
    ONE_TIME_CODE = "one_time_code"
    CARD = "card"  # payment card
    BANK_DETAILS = "bank_details"
    RIB_CHANGE = "rib_change"  # pay to another account from now on
    IDENTITY_PAPERS = "identity_papers"
    PERSONAL_DATA = "personal_data"  # NIR, birth date, address, "update your details"
    PAYMENT = "payment"  # an invoice, an order, a transfer
    FEE = "fee"  # a small sum for a parcel, a card
    CALL_BACK = "call_back"
    REPLY_WITH_DATA = "reply_with_data"
    OPEN_ATTACHMENT = "open_attachment"
    SCAN_CODE = "scan_code"
    CONFIRM = "confirm"  # confirm, verify, activate, renew: an account, a card, rights
    CLICK = "click"  # go to a link for whatever it is
    GIFT_CARD = "gift_card"
    SECRECY = "secrecy"  # tell nobody, use only this mail
    INSTALL = "install"  # remote control, an application, a macro
    CONTACT_ELSEWHERE = "contact_elsewhere"  # go on by WhatsApp, private number, other mailbox
    CRYPTOCURRENCY = "cryptocurrency"
    MASS_DATA = "mass_data"  # a file, a list, an extraction of people
    THIRD_PARTY_DATA = "third_party_data"  # of somebody who neither writes nor reads
    APPROVAL = "approval"  # accept a sign-in or a consent, type a number into the second factor
    AGAINST_WARNING = "against_warning"  # switch off a protection, pass by its warning, undo what a filter stops


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One ask. Negated asks (« ne communiquez jamais ») are no asks: see `Sign.WARNING`."""

    kind: AskKind
    region: Region
    words: str = ""
    start: int = -1
    end: int = -1


class SignKind(StrEnum):
    """What presses or baits, and what speaks for honesty."""

    DEADLINE = "deadline"
    SUSPENSION = "suspension"
    THREAT = "threat"  # legal, police, publication of pictures
    URGENCY = "urgency"
    REFUND = "refund"
    AMOUNT = "amount"
    PARCEL = "parcel"
    PRIZE = "prize"
    EXPIRY = "expiry"  # a card, an account, rights run out
    BREACH = "breach"  # speaks of a leak
    DISTRESS = "distress"  # a member or relative in trouble
    WARNING = "warning"  # warns of lures, teaches, « nous ne vous demanderons jamais »
    REPORT = "report"  # « je vous signale ce message »
    NEGATED_ASK = "negated_ask"
    KEEPER = "keeper"  # speaks as who keeps the reader's mailbox, workstation, remote access or held messages
    CLOSED_CHANNEL = "closed_channel"  # the telephone is refused or down, the usual contact is not to be used
    PAYEE_MISMATCH = "payee_mismatch"  # the account is in another name, the bank's check of it to be ignored
    UNTRACEABLE = "untraceable"  # to be paid by coupons, money transfer, cash or a card that is dictated
    HOURS = "hours"  # a deadline of hours: « aujourd'hui avant 18 heures »
    MANDATE = "mandate"  # « votre directeur général m'a mandaté »: speaks for somebody who gives orders
    ISOLATION = "isolation"  # « n'en dites rien à vos collègues »: keeps the reader from those who could tell him
    TAKING = "taking"  # « nous avons copié votre base »: says that he holds what is the reader's
    EXTORTION = "extortion"  # « tout sera publié si vous ne payez pas », « le prix double », a bomb
    BYPASS = "bypass"  # the usual, protected way is to be left: no extranet, no encryption
    AWARENESS = "awareness"  # the text as a whole teaches about lures: a warning put below an ask makes none


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """One sign."""

    kind: SignKind
    region: Region
    words: str = ""
    start: int = -1
    end: int = -1


class LinkSource(StrEnum):
    """Where a link was found."""

    TEXT = "text"
    HTML = "html"
    FORM = "form"  # action of a form
    IMAGE = "image"  # loaded, not clicked
    PDF = "pdf"
    QR = "qr"
    CALENDAR = "calendar"
    ATTACHMENT = "attachment"  # HTML, SVG, Office, shortcut
    HIDDEN = "hidden"
    QUOTED = "quoted"


class LinkFlag(StrEnum):
    """What is odd about a link."""

    TEXT_MISMATCH = "text_mismatch"  # shows one host, leads to another organisation's
    SHORTENER = "shortener"
    OPEN_REDIRECT = "open_redirect"
    USER_INFO = "user_info"  # https://www.ameli.fr@evil.example/
    IP_HOST = "ip_host"
    PUNYCODE = "punycode"
    LOOKALIKE = "lookalike"
    BRAND_IN_HOST = "brand_in_host"  # ameli.fr.compte.example
    BRAND_IN_PATH = "brand_in_path"
    ODD_PORT = "odd_port"
    DATA_URI = "data_uri"
    SCRIPT_URI = "script_uri"
    SHARED_HOSTING = "shared_hosting"  # anybody may put a page there (pages.dev, blob storage, forms)
    HOSTED_FORM = "hosted_form"
    FILE_DOWNLOAD = "file_download"  # leads to an archive, executable, disk image
    OBFUSCATED = "obfuscated"  # escaped, decimal IP, control characters, backslashes
    UNSUBSCRIBE = "unsubscribe"
    DEEP = "deep"  # leads to a page, not to the front door of a site
    OFFICE_HOST = "office_host"  # the name of the host is made of words of a pretext, and is nobody's
    GRANTS_ACCESS = "grants_access"  # a page where an account lets in a device or an application
    CARRIES_RECIPIENT = "carries_recipient"  # the reader's own address stands in it


class Link(NamedTuple):  # a newsletter has two hundred: a tuple is made four times as fast as a frozen dataclass
    """One link, judged."""

    source: LinkSource
    scheme: str
    host: str  # true host, A-labels, "" where there is none
    domain: DomainName | None  # registrable domain
    shown: str = ""  # folded text it shows, shortened
    speaks_for: tuple[str, ...] = ()  # identities whose honest domains hold this host
    lookalike_of: tuple[str, ...] = ()
    flags: frozenset[LinkFlag] = frozenset()
    real_target: str = ""  # host behind an open redirect or a rewriting gateway, when it stands in the URL


class Proof(StrEnum):
    """DESIGN §6: whether a message is authenticated as somebody."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class SenderFlag(StrEnum):
    """How the addresses agree."""

    FREE_MAIL = "free_mail"
    NAME_IS_ADDRESS_ELSEWHERE = "name_is_address_elsewhere"  # the display name is another address
    EXECUTIVE_NAME = "executive_name"  # a protected person's name on an address that isn't theirs
    EXECUTIVE_INVOKED = (
        "executive_invoked"  # « Jeanne Martin m'a demandé de » in the text: a protected person as mandator
    )
    EXECUTIVE_MENTIONED = "executive_mentioned"  # a protected person called by name in the text, by somebody outside
    OWN_DOMAIN_AUTHOR = "own_domain_author"  # where From gives no one author: one of those a reader may show
    OWN_DOMAIN_FORGED = "own_domain_forged"  # our domain as author, not authenticated
    OWN_DOMAIN_LOOKALIKE = "own_domain_lookalike"
    OWN_SERVICE_FORGED = "own_service_forged"  # a service that may write in our name as author, not authenticated
    LISTED_DOMAIN = "listed_domain"  # the author's domain belongs to somebody of the lists, proved or not
    WEB_FORM = "web_form"  # our own site's form: our address or its host's; the answer goes to who filled it in
    REPLY_TO_ELSEWHERE = "reply_to_elsewhere"  # another organisation than the author's
    REPLY_TO_FREE_MAIL = "reply_to_free_mail"  # ...while the author is not free mail
    REPLY_TO_LOOKALIKE = "reply_to_lookalike"
    INSTITUTION_ON_FREE_MAIL = "institution_on_free_mail"
    RETURN_PATH_ELSEWHERE = "return_path_elsewhere"
    NULL_SENDER = "null_sender"
    LOOKALIKE_DOMAIN = "lookalike_domain"  # author's domain resembles a listed one
    PUNYCODE_DOMAIN = "punycode_domain"
    BULK = "bulk"  # List-Unsubscribe, List-Id, Precedence
    THREAD = "thread"  # In-Reply-To or References, and quoted text
    FAKE_THREAD = "fake_thread"  # Re: without a thread
    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    MAILING_LIST = "mailing_list"
    TO_REPORT_MAILBOX = "to_report_mailbox"
    TO_BENEFITS_MAILBOX = "to_benefits_mailbox"
    AUTHOR_PROBLEM = "author_problem"
    UNDISCLOSED_RECIPIENTS = "undisclosed_recipients"
    QUOTED_ELSEWHERE = "quoted_elsewhere"  # the quoted thread has the author's name, or his firm's, at another domain
    OFFICE_NAME = "office_name"  # the display name says an office or a matter, and nobody
    OFFICE_DOMAIN = (
        "office_domain"  # so does every word of the author's domain, or, beside an office's name, one of them
    )
    NAMES_ITSELF = "names_itself"  # beside an office's name: the text names whose domain it is
    NAMELESS_SERVICE = "nameless_service"  # "Service remboursements", "Espace client": whose, it doesn't say


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderFacts:
    """Addresses and names held against one another."""

    author: Mailbox | None = None
    author_domain: DomainName | None = None
    registrable_domain: DomainName | None = None
    display_name: str = ""  # folded
    flags: frozenset[SenderFlag] = frozenset()
    speaks_for: tuple[str, ...] = ()  # identities the author's domain may speak for
    lookalike_of: tuple[str, ...] = ()
    executive: str = ""  # role of the protected person whose name is used
    reply_to_domain: DomainName | None = None
    # yes / no / unknown per identity: `authenticated_as`; a missing identity is "no"
    proof: tuple[tuple[str, Proof], ...] = ()
    author_proved: Proof = Proof.UNKNOWN  # the author's own domain, whoever it is (DMARC-aligned SPF or DKIM)


class DataKind(StrEnum):
    """Kinds of personal data."""

    NIR = "nir"
    NIR_WITHOUT_KEY = "nir_without_key"
    IBAN = "iban"
    BIRTH_DATE = "birth_date"
    FINESS = "finess"
    SIRET = "siret"
    CARD_NUMBER = "card_number"
    PHONE = "phone"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalData:
    """Kind and place, never the value."""

    kind: DataKind
    region: Region
    country: str = ""  # of an IBAN or a phone number
    premium: bool = False  # a phone number that costs
    start: int = -1
    end: int = -1


class AttachmentFlag(StrEnum):
    """What an attachment is or hides."""

    EXECUTABLE = "executable"
    SCRIPT = "script"
    SHORTCUT = "shortcut"
    DISK_IMAGE = "disk_image"
    ARCHIVE = "archive"
    ENCRYPTED = "encrypted"
    NESTED_ARCHIVE = "nested_archive"
    EXECUTABLE_INSIDE = "executable_inside"
    PASSWORD_IN_TEXT = "password_in_text"
    MACRO = "macro"
    EXTERNAL_TEMPLATE = "external_template"
    EMBEDDED_OBJECT = "embedded_object"
    DDE = "dde"
    HTML = "html"
    HTML_FORM = "html_form"
    PASSWORD_FIELD = "password_field"
    HTML_SMUGGLING = "html_smuggling"
    REDIRECTS = "redirects"
    SVG = "svg"
    SCRIPT_INSIDE = "script_inside"
    PDF = "pdf"
    PDF_LAUNCH = "pdf_launch"
    PDF_SCRIPT = "pdf_script"
    PDF_FORM = "pdf_form"
    PDF_LINK_ONLY = "pdf_link_only"
    EMBEDDED_FILE = "embedded_file"
    QR_CODE = "qr_code"
    PICTURE = "picture"
    PICTURE_ONLY_BODY = "picture_only_body"
    CALENDAR = "calendar"
    MESSAGE = "message"
    OFFICE = "office"
    DOUBLE_EXTENSION = "double_extension"
    RIGHT_TO_LEFT = "right_to_left"
    TYPE_MISMATCH = "type_mismatch"
    BOMB = "bomb"  # ratio, nesting, count or pixels over the limit
    UNREADABLE = "unreadable"
    UNCHECKED = "unchecked"


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentFacts:
    """One attachment: true type by its first bytes, and findings."""

    true_type: str  # "pdf", "zip", "exe", "html", ... from a closed table; "unknown"
    declared_type: str = ""
    extension: str = ""  # lower case, from the name
    size: int = 0
    flags: frozenset[AttachmentFlag] = frozenset()
    inline: bool = False
    from_inspection: bool = False
    part_index: int = -1  # index in Message.leaves


class FormFlag(StrEnum):
    """What only deceivers need (DESIGN §1.4)."""

    HIDDEN_TEXT = "hidden_text"  # a meaningful amount of it
    HIDDEN_LURE_WORDS = "hidden_lure_words"
    MIXED_ALPHABETS = "mixed_alphabets"  # words of several alphabets
    ZERO_WIDTH = "zero_width"  # invisible characters inside words
    SPACED_LETTERS = "spaced_letters"
    WORD_SPLITTING = "word_splitting"  # tags inside words
    ALTERNATIVES_DISAGREE = "alternatives_disagree"
    PICTURE_ONLY = "picture_only"
    FORM_IN_BODY = "form_in_body"
    PASSWORD_FIELD = "password_field"
    SCRIPT_IN_BODY = "script_in_body"
    CHARSET_LIE = "charset_lie"
    RIGHT_TO_LEFT = "right_to_left"
    ENCODED_TEXT = "encoded_text"  # text hidden in base64, entities and the like beyond need
    EMPTY_TEXT = "empty_text"
    COMMAND_TO_PASTE = "command_to_paste"  # the reader is to paste a command and run it


def _no_language(folded: Folded) -> str:
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentFacts:
    """All of it, for one message."""

    folded: Folded = field(default_factory=Folded)
    claims: tuple[Claim, ...] = ()
    asks: tuple[Ask, ...] = ()
    signs: tuple[Sign, ...] = ()
    links: tuple[Link, ...] = ()
    sender: SenderFacts = field(default_factory=SenderFacts)
    personal_data: tuple[PersonalData, ...] = ()
    attachments: tuple[AttachmentFacts, ...] = ()
    form: frozenset[FormFlag] = frozenset()
    # what tells the language of a text: asked for by few rules, so found out when one asks
    language_of: Callable[[Folded], str] = field(default=_no_language, compare=False, repr=False)
    unchecked: tuple[str, ...] = ()  # "check:cause"

    @property
    def language(self) -> str:
        """ "fr", "en" or ""."""
        return self.language_of(self.folded)
