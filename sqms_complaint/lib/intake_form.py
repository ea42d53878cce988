"""What the public form takes. No database, no `self`.

1. Six answers are asked for: what happened, which service, what would put it right, how to reach the customer
   (two fields), and the word that opens the case together with the code. Whoever stays anonymous is not asked how to
   reach him, and what he typed there is not kept.
2. Nothing that was typed is lost: each mistake has its field and its sentence, and the form comes back filled.
3. Only what is on the list below reaches the database, whatever else is sent.
"""

import re
from datetime import date

from odoo.tools import LazyTranslate

from odoo.addons.sqms_base.lib.public_text import EMAIL, plain_text, short_title

_lt = LazyTranslate(__name__)

TEXT_LENGTH = 5_000
LINE_LENGTH = 120
TITLE_LENGTH = 80
WISHES = ("refund", "repair", "apology", "explanation", "other")
CONTACTS = ("phone", "email", "none")
FIELDS = ("happened", "event_date", "category", "wish", "customer", "contact", "reach", "word", "anonymous")
# In the order of the page, for the list of mistakes at the top.
LABELS = {
    "happened": _lt("What happened?"),
    "event_date": _lt("When?"),
    "category": _lt("Which service?"),
    "wish": _lt("What would put it right?"),
    "customer": _lt("Your name"),
    "reach": _lt("How do we reach you?"),
    "word": _lt("A word only you know"),
    "anonymous": _lt("Stay anonymous"),
    "files": _lt("Photos or papers"),
}
_PHONE = re.compile(r"\+?[\d\s()./-]+(?:\s*(?:x|ext\.?|转)\s*\d+)?")


class IntakeForm:
    """One filled-in form: `answers` as typed, `values` as understood, `errors` by field."""

    def __init__(self, answers, category_ids, today, is_signed_in=False):
        self.answers = {name: answers[name] if isinstance(answers.get(name), str) else "" for name in FIELDS}
        self.errors = {}
        self.is_anonymous = bool(self.answers["anonymous"])
        if self.is_anonymous and is_signed_in:
            self.errors["anonymous"] = _lt("You are signed in. Please sign out first to stay anonymous.")
        self.values = {
            "happened": self._text(),
            "event_date": self._date(today),
            "category": self._category(category_ids),
            "wish": self._choice("wish", WISHES, _lt("Please choose what would put it right.")),
            "customer": "" if self.is_anonymous else self._line("customer"),
            "word": self._word(is_signed_in),
            **self._reach(),
        }

    @property
    def title(self):
        """The first sentence of what happened, short enough for a list."""
        return short_title(self.values["happened"], TITLE_LENGTH)

    def _text(self):
        text = plain_text(self.answers["happened"]).strip()
        if not text:
            self.errors["happened"] = _lt("Please tell us what happened.")
        elif len(text) > TEXT_LENGTH:
            self.errors["happened"] = _lt("Please keep it under 5,000 characters, or add a paper below.")
        return text

    def _date(self, today):
        typed = self.answers["event_date"].strip()
        if not typed:
            return False
        try:
            day = date.fromisoformat(typed)
        except ValueError:
            self.errors["event_date"] = _lt("Please give the day as year-month-day, such as 2026-11-10.")
            return False
        if not date(1990, 1, 1) <= day <= today:
            self.errors["event_date"] = _lt("This day has not come yet, or is too long ago.")
        return day

    def _category(self, category_ids):
        typed = self.answers["category"]
        if typed.isascii() and typed.isdecimal() and int(typed) in category_ids:
            return int(typed)
        if category_ids:
            self.errors["category"] = _lt("Please choose a service.")
        return False

    def _choice(self, name, allowed, sentence):
        if self.answers[name] not in allowed:
            self.errors[name] = sentence
            return False
        return self.answers[name]

    def _line(self, name):
        line = " ".join(plain_text(self.answers[name]).split())
        if len(line) > LINE_LENGTH:
            self.errors[name] = _lt("Please keep it under 120 characters.")
        return line

    def _word(self, is_signed_in):
        """Who comes back with a code needs the word too; who is logged in has his password."""
        word = self._line("word")
        if not word and not is_signed_in:
            self.errors["word"] = _lt("Please choose a word that only you know; you need it to come back.")
        return word

    def _reach(self):
        nothing = {"contact": "none", "email": False, "phone": False}
        if self.is_anonymous:
            return nothing
        contact = self._choice("contact", CONTACTS, "") or "phone"
        self.errors.pop("contact", None)
        reach = self._line("reach")
        if contact == "none" or "reach" in self.errors:
            return nothing
        if not reach:
            self.errors["reach"] = _lt("Please say how we reach you, or choose “Only by code”.")
        elif contact == "email" and not (EMAIL.fullmatch(reach) and reach.isascii()):
            self.errors["reach"] = _lt("This does not look like an email address.")
        elif contact == "phone" and not (_PHONE.fullmatch(reach) and 5 <= sum(map(str.isdigit, reach)) <= 20):
            self.errors["reach"] = _lt("This does not look like a phone number.")
        return {"contact": contact, "email": contact == "email" and reach, "phone": contact == "phone" and reach}
