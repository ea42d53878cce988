"""Whether a mail was written by a person or by a machine. No database, no `self`.

Source: RFC 3834 (Auto-Submitted), RFC 5321 4.5.5 (empty return path), RFC 2919 (List-Id), and what the mail programs
of Microsoft, cPanel and older list servers write instead.
"""

_BULK = ("bulk", "list", "junk", "auto_reply")
# Written by machines alone; what stands in them does not matter.
_TELLING = ("List-Id", "List-Unsubscribe", "X-Autoreply", "X-Autorespond", "X-Auto-Response", "Feedback-ID")
_MACHINES = ("mailer-daemon", "postmaster", "noreply", "no-reply", "do-not-reply", "donotreply")


def is_automatic(headers, sender=""):
    """Whether nobody sits behind a mail: such a mail is never answered by another machine.

    :param headers: a mapping of header names, whatever their case, to texts (`email.message.Message` is one)
    :param sender: the normalised address of the sender

    >>> is_automatic({"Auto-Submitted": "auto-replied (vacation)"}), is_automatic({"Auto-Submitted": "no"})
    (True, False)
    >>> is_automatic({"Precedence": "Bulk"}), is_automatic({"Return-Path": " <> "}), is_automatic({})
    (True, True, False)
    >>> is_automatic({"X-Auto-Response-Suppress": "All"}), is_automatic({"X-Auto-Response-Suppress": "None"})
    (True, False)
    >>> is_automatic({}, "no-reply@example.com"), is_automatic({}, "noreen@example.com")
    (True, False)
    """
    values = {str(name).lower(): str(value or "").strip().lower() for name, value in headers.items()}
    submitted = values.get("auto-submitted", "no").partition(";")[0].partition("(")[0].strip()
    suppressed = values.get("x-auto-response-suppress", "none")
    return (
        submitted not in ("no", "")
        or values.get("precedence", "") in _BULK
        or not values.get("return-path", "somebody").strip(" <>")
        or suppressed not in ("none", "", "rn", "nrn", "rn, nrn")
        or any(name.lower() in values for name in _TELLING)
        or sender.partition("@")[0] in _MACHINES
    )
