from typing import NamedTuple


class Transition(NamedTuple):
    """One legal step of a workflow, as data.

    :param name: technical name; guards are `_check_<name>`, effects `_on_<name>`
    :param label: the word on the button (a lazy translation)
    :param source: states it starts from
    :param target: the state it leads to
    :param groups: XML ids of groups, comma separated; a person needs one of them
    :param required: fields that must be filled before the step
    :param rare: shown among the further steps instead of as a button of its own
    :param signature: the meaning with which a person signs this step ("author", "reviewer", "approver",
        "acknowledged", "verified"); empty when none is asked
    :param system: taken by the system when its time has come, never by a person
    """

    name: str
    label: object
    source: tuple
    target: str
    groups: str = ""
    required: tuple = ()
    rare: bool = False
    signature: str = ""
    system: bool = False
