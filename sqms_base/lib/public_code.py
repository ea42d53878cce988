"""The code a person comes back with, and the word only that person knows. No database, no `self`.

1. A code has 16 of 30 characters that nobody confuses on paper: no 0 O, no 1 I L, no U. That is 78 bits.
2. What people type is read kindly: small letters, spaces, dashes and full-width letters of Chinese keyboards.
3. Number and code together are kept as a keyed digest, the word as a slow hash. Neither can be read back.
"""

import hashlib
import hmac
import secrets
import unicodedata

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16
GROUP = 4
# 16 MB and about 50 ms: slow for a thief of the database, bearable for a customer.
SCRYPT = {"n": 2**14, "r": 8, "p": 1, "dklen": 32}


def derive_code(pepper, seed):
    """The code that belongs to one filled-in form: the same form sent twice gives the same code."""
    number = int.from_bytes(hmac.digest(pepper, f"code:{seed}".encode(), "sha256"), "big")
    letters = []
    for _ in range(LENGTH):
        number, index = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[index])
    return "".join(letters)


def group_code(code):
    """
    >>> group_code("7KQ2M9FDABCDEFGH")
    '7KQ2-M9FD-ABCD-EFGH'
    """
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def normalize_code(text):
    """
    >>> normalize_code("７kq2 – m9fd abcd-efgh ")
    '7KQ2M9FDABCDEFGH'
    """
    return "".join(char for char in unicodedata.normalize("NFKC", text).upper() if char.isalnum())


def normalize_number(text):
    """
    >>> normalize_number(" ｃ/2026／0417 ")
    'C/2026/0417'
    """
    return "".join(unicodedata.normalize("NFKC", text).upper().split())


def access_digest(pepper, number, code):
    """What is stored and searched in place of number and code."""
    text = f"{normalize_number(number)}\n{normalize_code(code)}"
    return hmac.new(pepper, text.encode(), "sha256").hexdigest()


def hash_word(word, salt=None):
    """
    >>> check_word("Plum  blossom 26", hash_word("plum blossom 26"))
    True
    >>> check_word("plum blossom 27", hash_word("plum blossom 26"))
    False
    """
    salt = salt or secrets.token_bytes(16)
    digest = hashlib.scrypt(_normalize_word(word).encode(), salt=salt, **SCRYPT)
    return f"{salt.hex()}${digest.hex()}"


def check_word(word, stored):
    salt = bytes.fromhex(stored.partition("$")[0])
    return hmac.compare_digest(hash_word(word, salt), stored)


def _normalize_word(word):
    return " ".join(unicodedata.normalize("NFKC", word).casefold().split())
