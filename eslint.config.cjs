/* Run by setup/lint, which installs ESLint under .run/node. */
const { createRequire } = require("module");
const tools = createRequire(`${__dirname}/.run/node/package.json`);
const js = tools("@eslint/js");
const globals = tools("globals");

module.exports = [
    { ignores: [".run/**", ".venv/**", "**/static/lib/**"] },
    {
        ...js.configs.recommended,
        files: ["**/static/**/*.js"],
    },
    {
        files: ["**/static/**/*.js"],
        languageOptions: {
            ecmaVersion: 2022,
            sourceType: "module",
            globals: { ...globals.browser, Chart: "readonly", luxon: "readonly", odoo: "readonly" },
        },
        linterOptions: { reportUnusedDisableDirectives: "error" },
        rules: {
            complexity: ["error", 12],
            curly: "error",
            eqeqeq: ["error", "always", { null: "ignore" }],
            "max-lines": ["error", { max: 400, skipBlankLines: true, skipComments: true }],
            "no-alert": "error",
            "no-console": "error",
            "no-eval": "error",
            "no-implied-eval": "error",
            "no-new-func": "error",
            // `event`, `name` and the like exist in every browser window and hide typing errors.
            "no-restricted-globals": ["error", "event", "name", "length", "parent", "self", "status", "top"],
            "no-restricted-properties": [
                "error",
                { property: "innerHTML", message: "Let OWL or t-out write into the page." },
                { property: "outerHTML", message: "Let OWL or t-out write into the page." },
                { object: "document", property: "write" },
            ],
            "no-restricted-syntax": [
                "error",
                {
                    // Terms are exported from plain strings alone.
                    selector: "CallExpression[callee.name='_t'] > TemplateLiteral",
                    message: "Give _t a plain string and the values as further arguments.",
                },
            ],
            "no-shadow": "error",
            "no-unused-expressions": "error",
            "no-unused-vars": ["error", { argsIgnorePattern: "^_", caughtErrors: "none" }],
            "no-useless-concat": "error",
            "no-var": "error",
            "object-shorthand": "error",
            "prefer-const": "error",
            "prefer-template": "error",
            radix: "error",
        },
    },
    {
        files: ["**/static/tests/**/*.js"],
        rules: { "max-lines": "off" },
    },
];
