// Names the theme for Bootstrap's own dark rules. The colours need no script: tokens.css follows the device by itself.
const dark = window.matchMedia("(prefers-color-scheme: dark)");
const follow = () => { document.documentElement.dataset.bsTheme = dark.matches ? "dark" : "light"; };
follow();
dark.addEventListener("change", follow);
