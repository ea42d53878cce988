"""The story of a quality system as data: its lanes, its order, and what links one record to the next."""

from typing import NamedTuple

# What happened, what was changed, whether it helped: from left to right.
LANES = ("happened", "changed", "helped")
# Places in the story. What comes in between takes a number in between.
RANK = {
    "feedback": 5,
    "complaint": 10,
    "finding": 10,
    "nonconformity": 20,
    "cause": 30,
    "action": 40,
    "document": 50,
    "training": 60,
    "certificate": 70,
    "indicator": 80,
    "evaluation": 90,
}


class TraceLink(NamedTuple):
    """One kind of link between two records, declared once by the model that holds it.

    :param path: field, or path over relational fields: "document_id", "line_id.finding_ids". For a generic
        link (`model_field` given) the integer field with the id
    :param label: the words at the line (a lazy translation); empty: “leads to”
    :param direction: "to": the record leads to what the link names; "from": what it names leads to the record
    :param kind: a technical word for the kind of link ("leads", "replaces", "repeats")
    :param model_field: the field that holds the name of the model of a generic link (res_model, res_id)

    A link is found from both of its ends. Only stored and searchable fields are found from the other end.
    """

    path: str
    label: object = ""
    direction: str = "to"
    kind: str = "leads"
    model_field: str = ""

    def edge(self, holder, named):
        """(source, target) of the line between the record that holds the link and the one it names.

        >>> TraceLink("document_id").edge("training", "document")
        ('training', 'document')
        >>> TraceLink("document_id", direction="from").edge("training", "document")
        ('document', 'training')
        """
        return (named, holder) if self.direction == "from" else (holder, named)


def as_link(declared):
    """A declared link: a `TraceLink`, or the name of a field.

    >>> as_link("ticket_id").direction
    'to'
    """
    return declared if isinstance(declared, TraceLink) else TraceLink(declared)
