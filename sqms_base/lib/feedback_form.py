"""What the public feedback page takes. No database, no `self`.

1. One answer is asked for: the words. Kind, process, time in the service, rating, name and email may be left out.
2. Who gives neither name nor email is anonymous, whether or not the box is ticked; then nothing typed there is kept.
3. Nothing that was typed is lost: each mistake has its field and its sentence, and the form comes back filled.
4. Only what is on the list below reaches the database, whatever else is sent.
"""

from odoo.tools import LazyTranslate

from .public_text import EMAIL, plain_text, short_title

_lt = LazyTranslate(__name__)

TEXT_LENGTH = 5_000
LINE_LENGTH = 120
KINDS = ("idea", "praise", "concern")
SOURCES = ("customer", "staff", "unknown")
STAGES = ("before", "during", "after")
RATINGS = ("1", "2", "3", "4", "5")
FIELDS = (
    "kind", "words", "process", "stage", "rating", "source", "person", "email", "anonymous", "confidential",
)  # fmt: skip
# In the order of the page, for the list of mistakes at the top.
LABELS = {
    "kind": _lt("What is it?"),
    "words": _lt("In your words"),
    "process": _lt("What is it about?"),
    "stage": _lt("When in the service?"),
    "rating": _lt("How was it?"),
    "source": _lt("Who are you?"),
    "person": _lt("Your name"),
    "email": _lt("Your email"),
    "anonymous": _lt("Stay anonymous"),
    "files": _lt("Photos or papers"),
}


class FeedbackForm:
    """One filled-in page: `answers` as typed, `values` as understood, `errors` by field."""

    def __init__(self, answers, process_ids, signed_in=False):
        self.answers = {name: answers[name] if isinstance(answers.get(name), str) else "" for name in FIELDS}
        self.errors = {}
        person, email = self._line("person"), self._email()
        self.is_anonymous = bool(self.answers["anonymous"]) or not (person or email or self.answers["email"].strip())
        if self.is_anonymous:
            person, email = "", ""
            self.errors.pop("person", None)
            self.errors.pop("email", None)
            if signed_in:
                self.errors["anonymous"] = _lt(
                    "You are signed in, and your visit would carry your name. Please sign out first to stay anonymous."
                )
        self.values = {
            "kind": self._choice("kind", KINDS, _lt("Please choose what it is.")),
            "text": self._words(),
            "process_id": self._process(process_ids),
            "journey_stage": self._choice("stage", STAGES),
            "rating": self._choice("rating", RATINGS),
            "source": self._choice("source", SOURCES) or "unknown",
            "is_confidential": bool(self.answers["confidential"]),
            "is_anonymous": self.is_anonymous,
            "person_name": person or False,
            "email": email or False,
        }
        if self.values["text"]:
            self.values["name"] = short_title(self.values["text"])

    def _words(self):
        text = plain_text(self.answers["words"]).strip()
        if not text:
            self.errors["words"] = _lt("Please write what you want to tell us.")
        elif len(text) > TEXT_LENGTH:
            self.errors["words"] = _lt("Please keep it under 5,000 characters, or add a paper below.")
        return text

    def _choice(self, name, allowed, sentence=None):
        """One of the choices; without a sentence it may be left out, and what is none of them counts as left out."""
        if self.answers[name] in allowed:
            return self.answers[name]
        if sentence is not None:
            self.errors[name] = sentence
        return False

    def _process(self, process_ids):
        typed = self.answers["process"]
        if typed.isascii() and typed.isdecimal() and int(typed[:12]) in process_ids:
            return int(typed[:12])
        return False

    def _line(self, name):
        line = " ".join(plain_text(self.answers[name]).split())
        if len(line) > LINE_LENGTH:
            self.errors[name] = _lt("Please keep it under 120 characters.")
        return line

    def _email(self):
        email = self._line("email")
        if email and not (EMAIL.fullmatch(email) and email.isascii()):
            self.errors["email"] = _lt("This does not look like an email address.")
        return email.lower()
