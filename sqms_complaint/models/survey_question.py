from odoo import api, fields, models
from odoo.exceptions import ValidationError

SCALES = {"csat": (1, 5), "nps": (0, 10), "ces": (1, 7)}
LONGEST = 4000
MEASURING = ("sqms_metric", "question_type", "scale_min", "scale_max")


class SurveyQuestion(models.Model):
    """What a question measures; and an answer that is none is refused.

    Odoo stores a scale answer as it comes. In a questionnaire of satisfaction it is one whole number of the scale:
    no other number, no list, no object; and a comment is a text that can be stored.
    """

    _inherit = "survey.question"

    sqms_metric = fields.Selection(
        [
            ("csat", "Satisfaction with the Handling (1-5)"),
            ("nps", "Recommendation (0-10)"),
            ("ces", "Ease (1-7)"),
            ("comment", "Comment"),
        ],
        string="Measures",
        help="Where the answer goes in the figures of satisfaction.",
    )

    _sqms_metric_scale = models.Constraint(
        "CHECK(sqms_metric IS NULL OR sqms_metric = 'comment' AND question_type IN ('text_box', 'char_box') "
        "OR question_type = 'scale' AND (sqms_metric = 'csat' AND scale_min = 1 AND scale_max = 5 "
        "OR sqms_metric = 'nps' AND scale_min = 0 AND scale_max = 10 "
        "OR sqms_metric = 'ces' AND scale_min = 1 AND scale_max = 7))",
        "Satisfaction is measured from 1 to 5, recommendation from 0 to 10, ease from 1 to 7.",
    )
    _sqms_metric_once = models.UniqueIndex(
        "(survey_id, sqms_metric) WHERE sqms_metric IS NOT NULL", "A survey measures each thing once."
    )

    def write(self, vals):
        if any(name in vals and question[name] != vals[name] for name in MEASURING for question in self):
            self.survey_id._sqms_refuse_measured()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_measured(self):
        self.filtered("sqms_metric").survey_id._sqms_refuse_measured()

    def validate_question(self, answer, comment=None):
        if self.survey_id.sqms_is_satisfaction:
            wrong = self._sqms_wrong(answer, comment)
            if wrong:
                return {self.id: wrong}
            if self.question_type == "scale":
                answer = str(answer) if answer or type(answer) is int else ""
        return super().validate_question(answer, comment)

    def _sqms_wrong(self, answer, comment=None):
        """Why an answer to this question is none, or nothing."""
        self.ensure_one()
        if comment is not None and not _is_text(comment):
            return self.env._("This comment cannot be read.")
        if answer is None or answer is False or answer in ("", []):  # nothing chosen comes as an empty list
            return None
        if self.question_type == "scale":
            mark = _mark(answer)
            if mark is None or not self.scale_min <= mark <= self.scale_max:
                return self.env._(
                    "Please choose a number from %(min)s to %(max)s.", min=self.scale_min, max=self.scale_max
                )
        elif self.question_type in ("text_box", "char_box") and not _is_text(answer):
            return self.env._("Please write a text of at most %s characters.", LONGEST)
        return None

    def _sqms_check_line(self, line):
        """The last door: whatever wrote the line, a mark outside its scale is not kept."""
        self.ensure_one()
        is_mark = self.question_type == "scale" and line.answer_type == "scale"
        if is_mark and not self.scale_min <= line.value_scale <= self.scale_max:
            raise ValidationError(
                self.env._("Please choose a number from %(min)s to %(max)s.", min=self.scale_min, max=self.scale_max)
            )


def _mark(answer):
    """The whole number of an answer, or None: the page sends text, a machine may send a number."""
    if isinstance(answer, bool):
        return None
    if isinstance(answer, int):
        return answer
    if isinstance(answer, str) and answer.strip().isascii() and answer.strip().isdecimal() and len(answer) < 10:
        return int(answer)
    return None


def _is_text(value):
    if not isinstance(value, str) or len(value) > LONGEST or "\x00" in value:
        return False
    try:
        value.encode()
    except UnicodeEncodeError:  # half a character
        return False
    return True
