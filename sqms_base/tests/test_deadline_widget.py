from odoo.tests import HttpCase, tagged


@tagged("post_install", "-at_install", "sqms_tour")
class TestDeadlineWidget(HttpCase):
    """The unit tests of the deadline widget, in a browser; none of Odoo's own are run."""

    browser_size = "1366x768"

    @staticmethod
    def _identifier(suite):
        """Hoot's own number of a suite, by which the page runs nothing else."""
        number = 0
        for character in suite:
            number = ((number << 5) - number + ord(character)) & 0xFFFFFFFF
        return f"{number:08x}"

    def test_words_folding_and_widget(self):
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&id={self._identifier('@sqms_base/deadline')}",
            "",
            "",
            login="admin",
            timeout=180,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=lambda message: "[HOOT]" not in message,
        )
