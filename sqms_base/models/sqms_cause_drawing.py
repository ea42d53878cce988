from odoo import api, models
from odoo.exceptions import UserError

from ..lib import cause_svg
from ..lib.cause_tree import MOST
from .sqms_cause_type import CATEGORIES

MAX_WORDS = 2000


class SqmsCause(models.Model):
    """The causes of a nonconformity drawn, as tree and as fishbone: the same for screen and print."""

    _inherit = "sqms.cause"

    @api.model
    def draw_fishbone(self, nodes, problem):
        """The fishbone of a tree as it stands on the screen, saved or not.

        :param nodes: `[{"name", "category", "verdict"}, ...]`
        :param problem: what happened
        :return: an SVG; every word in it is escaped
        :raise UserError: not a tree of this shape
        """
        kinds = dict(self._fields["verdict"].selection)
        bones = dict(CATEGORIES)
        if not isinstance(nodes, list) or len(nodes) > MOST or not isinstance(problem, str | bool):
            raise UserError(self.env._("These causes cannot be drawn."))
        clean = []
        for number, node in enumerate(nodes):
            if not isinstance(node, dict) or node.get("category") not in bones or node.get("verdict") not in kinds:
                raise UserError(self.env._("These causes cannot be drawn."))
            name = str(node.get("name") or "")[:MAX_WORDS]
            clean.append({"id": number, "name": name, "category": node["category"], "verdict": node["verdict"]})
        return self._draw_fish(clean, str(problem or "")[:MAX_WORDS])

    @api.model
    def _draw_fish(self, nodes, problem, most=0):
        bones = self._fields["category"]._description_selection(self.env)
        words = {
            "title": self.env._("Fishbone of the causes"),
            "empty": self.env._("nothing found"),
            "root": self.env._("Root cause"),
            "ruled_out": self.env._("Ruled out"),
            "more": self.env._("and %s more"),
        }
        return cause_svg.fish(nodes, bones, problem, words, most=most)

    def _draw_tree(self, problem):
        """The tree of these causes in drawings that fit on a sheet each."""
        words = {
            "title": self.env._("5-why tree of the causes"),
            "why": self.env._("Why %s"),
            "root": self.env._("Root cause · why %s"),
            "ruled_out": self.env._("Ruled out"),
        }
        return [cause_svg.tree(part, problem, words) for part in cause_svg.tree_parts(self._nodes())]
