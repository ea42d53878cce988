"""What a controlled text may contain, beyond what Odoo's sanitiser removes."""

import re
import unicodedata

from lxml import html

EMBEDDED_IMAGE = re.compile(r"^data:image/(png|jpe?g|gif|webp);base64,", re.IGNORECASE)
LINK = re.compile(r"^(https?:|mailto:|tel:|/(?!/)|#)", re.IGNORECASE)
STORED_IMAGE = re.compile(r"^/web/image/(\d+)(?:[-/?#]|$)")


def clean(source, load_image):
    """Make a text stand on its own: what it shows today it shows in ten years.

    1. Characters are composed (NFC), so that equal looking texts are equal.
    2. Comments, also those that Word leaves behind, go.
    3. Links lead to pages and addresses, not to the disk of the reader, and nothing is loaded by an attribute.
    4. Pictures are part of the text: those stored in the database are copied into it, those from elsewhere
       (web, file share) go, for they would change or vanish, and tell their server who reads.

    :param load_image: function that gives the `data:` address of a stored picture, or None
    """
    if not source or not source.strip():
        return source
    fragments = html.fragments_fromstring(unicodedata.normalize("NFC", source))
    root = html.Element("div")
    for fragment in fragments:
        if isinstance(fragment, str):
            root.text = fragment
        else:
            root.append(fragment)
    for comment in [*root.iter(html.etree.Comment), *root.iter(html.etree.ProcessingInstruction)]:
        _drop(comment)
    for node in root.iter(html.etree.Element):
        _quiet(node)
    for tag in ("img", "video", "audio", "source", "picture", "svg"):
        for node in list(root.iter(tag)):
            _keep_or_drop_picture(node, load_image)
    inner = html.tostring(root, encoding="unicode")
    return inner[len("<div>") : -len("</div>")]


def foreign_pictures(source):
    """Whether a stored text still shows a picture that is not part of it.

    >>> foreign_pictures('<p>a<img src="https://example.com/a.png"></p>')
    True
    >>> foreign_pictures('<p>a<img src="data:image/png;base64,AAAA"></p>')
    False
    """
    if not source:
        return False
    tree = html.fromstring(f"<div>{source}</div>")
    return any(not EMBEDDED_IMAGE.match(node.get("src") or "") for node in tree.iter("img", "video", "audio", "source"))


def is_empty(source):
    """Whether there is nothing to read in a text: no word and no picture.

    >>> is_empty("<p><br></p>")
    True
    """
    if not source or not source.strip():
        return True
    tree = html.fromstring(f"<div>{source}</div>")
    return not tree.text_content().strip() and tree.find(".//img") is None


def _quiet(node):
    """
    >>> node = html.fromstring('<a href=" file:///C:/x" t-att-x="1" onclick="y()" background="//z">a</a>')
    >>> _quiet(node)
    >>> html.tostring(node)
    b'<a>a</a>'
    """
    for name, value in list(node.attrib.items()):
        if (
            name.startswith(("t-", "on"))
            or name in ("background", "ping", "action", "formaction", "poster")
            or name in ("href", "xlink:href")
            and not LINK.match(re.sub(r"[\s\x00-\x1f]", "", value))
        ):
            del node.attrib[name]


def _keep_or_drop_picture(node, load_image):
    address = (node.get("src") or "").strip()
    stored = STORED_IMAGE.match(address)
    if stored:
        address = load_image(int(stored[1])) or ""
    if node.tag == "img" and EMBEDDED_IMAGE.match(address):
        node.set("src", address)
        for name in ("srcset", "data-original-src", "data-original-id", "data-attachment-id", "data-bs-original-title"):
            node.attrib.pop(name, None)
    else:
        _drop(node)


def _drop(node):
    """Take a node out and leave the text behind it."""
    parent, before = node.getparent(), node.getprevious()
    if node.tail:
        if before is None:
            parent.text = (parent.text or "") + node.tail
        else:
            before.tail = (before.tail or "") + node.tail
    parent.remove(node)
