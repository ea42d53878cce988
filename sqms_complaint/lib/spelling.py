"""A code read aloud over the phone, letter by letter, in groups. No database, no `self`.

1. Letters are told apart by a word that begins with them: the radio alphabet of the ITU in English, the everyday
   English words that Chinese callers know in Chinese.
2. In Chinese the digits 0, 1, 2 and 7 are said as on the phone there, since “yī” and “qī” sound alike.
"""

RADIO = {
    word[0].upper(): word
    for word in [
        "Alfa",
        "Bravo",
        "Charlie",
        "Delta",
        "Echo",
        "Foxtrot",
        "Golf",
        "Hotel",
        "India",
        "Juliett",
        "Kilo",
        "Lima",
        "Mike",
        "November",
        "Oscar",
        "Papa",
        "Quebec",
        "Romeo",
        "Sierra",
        "Tango",
        "Uniform",
        "Victor",
        "Whiskey",
        "X-ray",
        "Yankee",
        "Zulu",
    ]
}
EVERYDAY = {
    word[0].upper(): word
    for word in [
        "Apple",
        "Boy",
        "Cat",
        "Dog",
        "Egg",
        "Fish",
        "Girl",
        "House",
        "Ice",
        "Jack",
        "King",
        "Lion",
        "Moon",
        "Night",
        "Orange",
        "Pig",
        "Queen",
        "Red",
        "Sun",
        "Tree",
        "Umbrella",
        "Victory",
        "Water",
        "X-ray",
        "Yellow",
        "Zoo",
    ]
}
DIGITS_ON_THE_PHONE = {"0": "洞", "1": "幺", "2": "两", "7": "拐"}


def spell(code, lang="en_US"):
    """How each character of a code is said: `[(character, word)]`, the word empty where the character is clear.

    >>> spell("7K2")
    [('7', ''), ('K', 'Kilo'), ('2', '')]
    >>> spell("7K", "zh_CN")
    [('7', '拐'), ('K', 'King')]
    """
    chinese = lang.startswith("zh")
    words = {**EVERYDAY, **DIGITS_ON_THE_PHONE} if chinese else RADIO
    return [(char, words.get(char, "")) for char in code]


def groups(code, lang="en_US", size=4):
    """The code in groups, as it is read aloud and written down: `[{"text", "letters": [(character, word)]}]`.

    >>> [group["text"] for group in groups("7KQ2M9FD")]
    ['7KQ2', 'M9FD']
    """
    return [
        {"text": code[start : start + size], "letters": spell(code[start : start + size], lang)}
        for start in range(0, len(code), size)
    ]
