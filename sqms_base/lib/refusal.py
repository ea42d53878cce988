class Refusal(ValueError):
    """Why a file, a row or a value is not taken, as one sentence that a person can act upon.

    :param sentence: a lazy translation, so that everybody reads it in his own language
    """

    def __init__(self, sentence):
        super().__init__(sentence)
        self.sentence = sentence

    def __str__(self):
        return self.sentence._translate("en_US")
