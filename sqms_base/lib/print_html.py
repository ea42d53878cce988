"""Pages that are handed to the printer: nothing in them is fetched from anywhere and nothing runs."""

import re

from lxml import etree, html

EMBEDDED = re.compile(r"^\s*data:image/(png|jpe?g|gif|webp|bmp);base64,", re.IGNORECASE)
LINK = re.compile(r"^(https?:|mailto:|tel:)", re.IGNORECASE)
# Everything but pictures that are part of the text itself; escapes would hide the word from this search.
_FETCHED_BY_STYLE = re.compile(
    r"@import[^;]*;?|\burl\s*\([^)]*\)?|\\[0-9a-f]{1,6}|expression\s*\(|image-set", re.IGNORECASE
)
_RUNS_OR_FETCHES = ("script", "iframe", "frame", "frameset", "object", "embed", "applet", "link", "base", "meta",
                    "video", "audio", "source", "picture", "track", "form", "input", "button", "noscript")  # fmt: skip
_ADDRESSES = ("src", "srcset", "data", "poster", "background", "lowsrc", "dynsrc", "longdesc", "usemap", "ping",
              "action", "formaction", "manifest", "codebase", "classid", "archive", "cite", "profile")  # fmt: skip


def self_contained(source):
    """A part of a page without what leads outside it; words, tables and embedded pictures stay.

    >>> self_contained('<p onclick="x()">a<img src="http://example.com/x.png"><script>b</script>c</p>')
    '<p>ac</p>'
    >>> self_contained('<a href="file:///etc/passwd">a</a><a href="#b">b</a><a href="https://example.com/">c</a>')
    '<a>a</a><a>b</a><a href="https://example.com/">c</a>'
    >>> self_contained('<p style="color: red; background: url(//x/y)">a</p>')
    '<p>a</p>'
    >>> self_contained('<svg><image xlink:href="http://example.com/a"></image><text>a</text></svg>')
    '<svg><image></image><text>a</text></svg>'
    """
    root = html.fragment_fromstring(source, create_parent="div")
    for node in list(root.iter()):
        if node is root:
            continue
        if (
            not isinstance(node.tag, str)
            or node.tag.lower() in _RUNS_OR_FETCHES
            or node.tag.lower() == "img"
            and not EMBEDDED.match(node.get("src") or "")
        ):
            _drop(node)
        else:
            _quiet(node)
    inner = etree.tostring(root, encoding="unicode", method="html")
    return inner[len("<div>") : -len("</div>")]


def _quiet(node):
    if node.tag == "style" and _FETCHED_BY_STYLE.search(node.text or ""):
        node.text = _FETCHED_BY_STYLE.sub("", node.text)
    for name, value in list(node.attrib.items()):
        bare = name.lower().rpartition("}")[2].rpartition(":")[2]
        refused = bare.startswith("on") or (bare == "style" and _FETCHED_BY_STYLE.search(value))
        if bare == "href":
            embedded = node.tag.lower() == "image" and EMBEDDED.match(value)
            refused = not embedded and not (node.tag.lower() == "a" and LINK.match(value.strip()))
        elif bare in _ADDRESSES:
            refused = not EMBEDDED.match(value) or bare == "srcset"
        if refused:
            del node.attrib[name]


def _drop(node):
    parent, before, tail = node.getparent(), node.getprevious(), node.tail
    if parent is None:
        return
    if tail:
        if before is None:
            parent.text = (parent.text or "") + tail
        else:
            before.tail = (before.tail or "") + tail
    parent.remove(node)
