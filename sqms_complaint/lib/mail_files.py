"""Files that come with a mail, held to the same list and cleaning as those of the public form. No database, no `self`.

1. At most twenty are looked at; a mail with more is answered by people.
2. A file that is not taken is named with the reason; the rest of the mail is taken all the same.
3. Pictures inside the text keep their place: whatever else the mail program said about a file is handed on.
"""

from odoo.tools import LazyTranslate

from odoo.addons.sqms_base.lib.public_files import clean_file, clean_name
from odoo.addons.sqms_base.lib.refusal import Refusal

_lt = LazyTranslate(__name__)

MAX_MAIL_FILES = 20


def clean_attachments(attachments):
    """
    :param attachments: (name, content, ...) as the mail gateway hands them on; content is text or bytes
    :return: (those that are taken, with clean content; [(name, sentence)] of the others)

    >>> taken, refused = clean_attachments([("a.txt", "Paid twice", {}), ("run.exe", b"MZ", {})])
    >>> [(name, content) for name, content, _info in taken], [name for name, _why in refused]
    ([('a.txt', b'Paid twice')], ['run.exe'])
    """
    taken, refused = [], []
    for position, attachment in enumerate(attachments):
        name, content, *rest = attachment
        name = clean_name(str(name or "")) or "file"
        content = content.encode("utf-8", "replace") if isinstance(content, str) else content
        if position >= MAX_MAIL_FILES:
            refused.append((name, _lt("There were more files than one mail may bring.")))
        elif not isinstance(content, bytes):
            refused.append((name, _lt("Mails inside mails are not taken.")))
        else:
            try:
                _extension, _mimetype, cleaned = clean_file(name, content)
            except Refusal as refusal:
                refused.append((name, refusal.sentence))
            else:
                make = getattr(attachment, "_replace", None)
                taken.append(make(fname=name, content=cleaned) if make else (name, cleaned, *rest))
    return taken, refused
