/* Run by setup/lint, which installs Prettier and its XML plugin under .run/node. */
const { createRequire } = require("module");
const tools = createRequire(`${__dirname}/.run/node/package.json`);

module.exports = {
    plugins: [tools.resolve("@prettier/plugin-xml")],
    printWidth: 120,
    tabWidth: 4,
    // Spaces between elements are part of what QWeb prints: only the inside of tags is laid out.
    xmlWhitespaceSensitivity: "strict",
    xmlQuoteAttributes: "preserve",
    embeddedLanguageFormatting: "off",
};
