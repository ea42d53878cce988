"""What a record says of a person, as data, and the pattern that finds a person in free text.

A model declares its personal fields once::

    _privacy_fields = {"partner_id": WHO, "partner_name": NAME, "partner_email": EMAIL, "description": WORDS}

Extensions of the model declare their own fields in their own class; all of them count.
"""

import re
from typing import NamedTuple

WHO = "who"  # many2one to a contact or user: the row is about this person, the fields below are his
NAMED = "named"  # many2one: the person is named in the row, which is about somebody else
PART = "part"  # many2one: the row goes with that record, and is about the same person
BESIDE = "beside"  # many2one: the row goes with that record; about the person only if it says so itself
NAME = "name"  # replaced by "Erased person"
EMAIL = "email"  # emptied; finds the row as well
PHONE = "phone"  # emptied; finds the row as well
WORDS = "words"  # what the person said: cleaned or replaced whole, as the request decides
TEXT = "text"  # what others wrote: cleaned of the person
UNIQUE = "unique"  # replaced by "erased-<id>"
EMPTY = "empty"  # emptied
UNLINK = "unlink"  # many2many: the links go
KEEP = "keep"  # looked at: says nothing of a customer

TREATMENTS = (WHO, NAMED, PART, BESIDE, NAME, EMAIL, PHONE, WORDS, TEXT, UNIQUE, EMPTY, UNLINK, KEEP)
GOES_WITH = (PART, BESIDE)
SOUGHT = (WORDS, TEXT)
# Not even at the end of a text.
NEVER = "(?!)"
BEFORE, AFTER = r"(?<![0-9A-Za-z])", r"(?![0-9A-Za-z])"
HAN = re.compile("[\u3400-\u9fff]")
ESCAPED = {"&": "(?:&amp;|&)", "<": "(?:&lt;|<)", ">": "(?:&gt;|>)", '"': '(?:&quot;|&#34;|\\\\?")',
           "'": "(?:&#39;|&#x27;|')"}  # fmt: skip


class Person(NamedTuple):
    """All that a person is known by."""

    partners: tuple = ()  # ids of contacts
    users: tuple = ()  # ids of accounts
    names: tuple = ()
    emails: tuple = ()
    phones: tuple = ()

    def pattern(self, names=True):
        return person_pattern(self.names if names else (), self.emails, self.phones)


class Retention(NamedTuple):
    """How long records of a model are kept, as data.

    :param event: the date or datetime field that the period counts from; empty means: not yet
    :param due: the stored date field that holds the result
    :param erased: the stored datetime field that says when it was done
    :param filters: fields that a rule may name in its condition
    :param domain: the records of the model that are meant at all
    """

    event: str
    due: str
    erased: str
    filters: tuple = ()
    domain: tuple = ()


def declared(model):
    """`{field: treatment}` of a model class, from all classes that it is made of; the nearest one wins.

    >>> class A: _privacy_fields = {"name": NAME, "note": TEXT}
    >>> class B(A): _privacy_fields = {"note": KEEP}
    >>> sorted(declared(B).items())
    [('name', 'name'), ('note', 'keep')]
    """
    found = {}
    for part in model.__mro__:
        for name, treatment in vars(part).get("_privacy_fields", {}).items():
            found.setdefault(name, treatment)
    return found


def digits(phone):
    """The last digits of a number, those that stay the same with and without the code of the country.

    >>> digits("+86 138-0013-8000"), digits("13800138000"), digits("0571 8888 6666"), digits("12")
    ('13800138000', '13800138000', '57188886666', '')
    """
    only = re.sub(r"\D", "", phone or "").lstrip("0")
    return only[-11:] if len(only) >= 7 else ""


def name_pattern(name):
    """A regular expression, the same for PostgreSQL and Python, or nothing if a name is too short to be safe.

    >>> bool(re.search(name_pattern("Wang Li"), "told WANG  LI so", re.I)), re.search(name_pattern("Li"), "Lily", re.I)
    (True, None)
    >>> bool(re.search(name_pattern("王丽"), "客户王 丽来电")), name_pattern("王")
    (True, '')
    """
    name = " ".join((name or "").split())
    if len(name) < 2:
        return ""
    parts = []
    for place, letter in enumerate(name):
        if letter == " ":
            parts.append(r"(?:\s|&nbsp;|&#160;)+")
            continue
        if place and HAN.match(letter) and HAN.match(name[place - 1]):
            parts.append(r"\s*")
        parts.append(_literal(letter))
    return _bounded(name, "".join(parts))


def email_pattern(email):
    """
    >>> bool(re.search(email_pattern("li@example.com"), "Li <LI@example.com>, asked", re.I))
    True
    >>> re.search(email_pattern("li@example.com"), "ali@example.com or li@example.com.cn", re.I)
    """
    email = (email or "").strip()
    if len(email) < 5 or "@" not in email:
        return ""
    return rf"(?<![0-9A-Za-z._%+-]){''.join(map(_literal, email))}(?!\.?[0-9A-Za-z])"


def phone_pattern(phone):
    """
    >>> pattern = phone_pattern("138 0013 8000")
    >>> [bool(re.search(pattern, text)) for text in ("+86 138-0013-8000", "13800138000.", "1380013800012", "x1380")]
    [True, True, False, False]
    """
    number = digits(phone)
    if not number:
        return ""
    between = r"[\s()./-]{0,2}"
    return rf"(?<![0-9])(?:\+?[0-9]{{1,3}}{between})?0?{between.join(number)}(?![0-9])"


def person_pattern(names=(), emails=(), phones=()):
    """One expression for all that a person is known by; it never matches if nothing is known.

    Longer ones first, so that "Wang Li" goes as a whole and not as "Wang".

    >>> re.sub(person_pattern(["Li Na"], ["li@b.cn"], ["13800138000"]), "*", "Li Na (li@b.cn, 138 0013 8000) came")
    '* (*, *) came'
    """
    parts = [email_pattern(email) for email in emails] + [phone_pattern(phone) for phone in phones]
    parts += [name_pattern(name) for name in sorted(set(names), key=len, reverse=True)]
    return "|".join(part for part in parts if part) or NEVER


def _literal(letter):
    if letter in ESCAPED:
        return ESCAPED[letter]
    return letter if letter.isalnum() or letter in "@_" else f"\\{letter}" if letter.isascii() else letter


def _bounded(word, pattern):
    """Latin letters end where the word ends; Chinese ones stand without a space."""
    start = BEFORE if word[0].isascii() and word[0].isalnum() else ""
    end = AFTER if word[-1].isascii() and word[-1].isalnum() else ""
    return f"{start}{pattern}{end}"
