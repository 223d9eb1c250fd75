/** The style sheet of the HTML report: light, dark and print, without any resource from elsewhere. */
export const reportStyle = `
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #ffffff; --ink: #1c2430; --soft: #5b6675; --line: #dfe3e8; --code: #eef1f5;
  --blocks: #b42318; --blocks-tint: #fdecea; --warning: #9a5b00; --warning-tint: #fdf3e1; --converted: #1f5fae; --converted-tint: #e8f0fb;
  --clean: #1d7a46; --clean-tint: #e5f5ec; --information: #5b6675; --information-tint: #eef1f5;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #12161c; --card: #1a2029; --ink: #e6eaf0; --soft: #9aa6b5; --line: #2c3542; --code: #232b36;
    --blocks: #ff8a80; --blocks-tint: #3a1d1c; --warning: #f0b95a; --warning-tint: #35290f; --converted: #86b6f5; --converted-tint: #172a43;
    --clean: #6fd09a; --clean-tint: #14301f; --information: #9aa6b5; --information-tint: #232b36;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { max-width: 66rem; margin: 0 auto; padding: 2.5rem 1.5rem 4rem; }
header { display: flex; flex-wrap: wrap; gap: 1rem 2rem; align-items: flex-start; justify-content: space-between; margin-bottom: 1.75rem; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .35rem; letter-spacing: -.01em; }
h2 { font-size: 1.2rem; margin: 2.5rem 0 .75rem; }
h2 small { font-weight: 400; color: var(--soft); font-size: .95rem; margin-left: .4rem; }
h3 { font-size: 1rem; margin: 0; }
p { margin: .35rem 0; }
.soft { color: var(--soft); }
.verdict { padding: .55rem 1rem; border-radius: .5rem; font-weight: 650; white-space: nowrap; }
.verdict.blocks { color: var(--blocks); background: var(--blocks-tint); }
.verdict.clean { color: var(--clean); background: var(--clean-tint); }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: 1.1rem 1.25rem; margin-bottom: .75rem; }
.bar { display: flex; height: 1.1rem; border-radius: .35rem; overflow: hidden; gap: 2px; margin: .25rem 0 1.1rem; }
.bar span { min-width: 4px; }
.legend { display: grid; grid-template-columns: repeat(auto-fit, minmax(11.5rem, 1fr)); gap: 1rem; }
.legend div { border-left: 4px solid var(--line); padding-left: .75rem; }
.legend b { display: block; font-size: 1.5rem; line-height: 1.2; font-variant-numeric: tabular-nums; }
.legend b small { font-size: .85rem; font-weight: 400; color: var(--soft); margin-left: .3rem; }
.legend strong { display: block; font-size: .9rem; }
.legend span { color: var(--soft); font-size: .85rem; }
.facts { display: grid; grid-template-columns: repeat(8, auto); gap: .75rem 1rem; margin-top: 1.25rem; padding-top: 1.1rem; border-top: 1px solid var(--line); }
.facts dt { color: var(--soft); font-size: .8rem; }
.facts dd { margin: 0; font-weight: 600; font-variant-numeric: tabular-nums; }
.fill-blocks { background: var(--blocks); } .fill-warning { background: var(--warning); } .fill-converted { background: var(--converted); } .fill-clean { background: var(--clean); } .fill-failed { background: var(--soft); }
.edge-blocks { border-color: var(--blocks) !important; } .edge-warning { border-color: var(--warning) !important; } .edge-converted { border-color: var(--converted) !important; } .edge-clean { border-color: var(--clean) !important; } .edge-failed { border-color: var(--soft) !important; }
.tag { display: inline-block; padding: .1rem .5rem; border-radius: 1rem; font-size: .78rem; font-weight: 600; white-space: nowrap; }
.tag.blocks { color: var(--blocks); background: var(--blocks-tint); } .tag.warning { color: var(--warning); background: var(--warning-tint); }
.tag.converted { color: var(--converted); background: var(--converted-tint); } .tag.information { color: var(--information); background: var(--information-tint); }
table { width: 100%; border-collapse: collapse; font-size: .92rem; }
th { text-align: left; font-weight: 600; color: var(--soft); font-size: .82rem; border-bottom: 1px solid var(--line); padding: .35rem .6rem .35rem 0; }
td { padding: .45rem .6rem .45rem 0; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
tr:last-child td { border-bottom: 0; }
td:first-child { width: 27%; }
th.number, td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; overflow-wrap: normal; width: auto; }
td.name { font-weight: 600; }
.checks td:first-child, .checks td:nth-child(2) { width: auto; white-space: nowrap; overflow-wrap: normal; }
.checks td:last-child, .checks th:last-child { padding-left: .6rem; }
.check-head { display: flex; flex-wrap: wrap; gap: .25rem .75rem; align-items: baseline; }
.check-head .count { margin-left: auto; color: var(--soft); font-size: .88rem; font-variant-numeric: tabular-nums; }
dl.texts { display: grid; grid-template-columns: 8rem 1fr; gap: .25rem .75rem; margin: .6rem 0 0; font-size: .93rem; }
dl.texts dt { color: var(--soft); } dl.texts dd { margin: 0; }
code, .object { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: .86em; }
.object { background: var(--code); border-radius: .25rem; padding: .05rem .3rem; overflow-wrap: anywhere; }
details { margin-top: .6rem; }
details.page { border: 1px solid var(--line); border-radius: .6rem; background: var(--card); padding: .6rem 1.25rem; margin: 0 0 .5rem; }
summary { cursor: pointer; color: var(--soft); font-size: .9rem; }
summary:hover { color: var(--ink); }
details ul { margin: .5rem 0 0; padding-left: 1.1rem; font-size: .9rem; }
li { margin: .2rem 0; }
a { color: inherit; text-decoration-color: var(--line); text-underline-offset: .2em; }
footer { margin-top: 3rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--soft); font-size: .85rem; }
@media screen and (max-width: 48rem) { .facts { grid-template-columns: repeat(4, auto); } .checks td:nth-child(2) { white-space: normal; } .checks td:last-child, .checks th:last-child { display: none; } }
@media screen and (max-width: 40rem) { dl.texts { grid-template-columns: 1fr; } dl.texts dt { margin-top: .3rem; } td:first-child { width: auto; } }
@media print {
  :root { --page: #fff; --card: #fff; --ink: #000; --soft: #444; --line: #bbb; --code: #f2f2f2; }
  body { font-size: 10.5pt; } main { max-width: none; padding: 0; }
  .card, details.page, tr { break-inside: avoid; } h2, h3 { break-after: avoid; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  details::details-content { content-visibility: visible; block-size: auto; }
}
`;
