/** Of the certificate's HTML. Fonts are the reader's own: nothing is loaded. */
export const style = `
:root{--paper:#fff;--back:#f3f4f1;--ink:#1d2327;--soft:#5b666d;--line:#d9dedb;--good:#0b6b4f;--goodback:#e4f3ec;--bad:#9b2c1c;--badback:#fbeae6;--accent:#1f4e79}
@media (prefers-color-scheme:dark){:root{--paper:#171c20;--back:#0f1316;--ink:#e6eaec;--soft:#9aa7ae;--line:#2c353b;--good:#62d2a6;--goodback:#12312a;--bad:#ff9a86;--badback:#3a1c17;--accent:#8fc1f0}}
*{box-sizing:border-box}
body{margin:0;background:var(--back);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
main{max-width:64rem;margin:2.5rem auto;padding:3rem 3.25rem;background:var(--paper);border:1px solid var(--line);border-top:6px solid var(--accent);border-radius:4px}
h1{font:600 2.6rem/1.15 Georgia,"Times New Roman",serif;margin:.2rem 0 1rem;overflow-wrap:anywhere}
h2{font:600 1.15rem/1.3 Georgia,"Times New Roman",serif;margin:2.4rem 0 .7rem;padding-bottom:.35rem;border-bottom:1px solid var(--line)}
h3{font-size:1rem;margin:1.1rem 0 .25rem;overflow-wrap:anywhere}
p{margin:.4rem 0}
.kind{color:var(--accent);letter-spacing:.08em;text-transform:uppercase;font-size:.8rem;font-weight:600}
.verdict{padding:.8rem 1rem;border-radius:4px;border-left:4px solid}
.good{color:var(--good);background:var(--goodback)}.bad{color:var(--bad);background:var(--badback)}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(8rem,1fr));gap:.75rem;margin:1.6rem 0 0}
.figures div{display:flex;flex-direction:column;border:1px solid var(--line);border-radius:4px;padding:.7rem .9rem}
.figures dd{margin:0;font:600 1.35rem/1.3 Georgia,"Times New Roman",serif;font-variant-numeric:tabular-nums}
.figures dt,.note{color:var(--soft);font-size:.86rem}
.hash{font:600 1.05rem/1.7 ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace;border:1px solid var(--line);border-radius:4px;padding:.7rem 1rem}
code{font:.88em ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.9rem}
th,td{text-align:left;vertical-align:top;padding:.4rem .9rem .4rem 0;border-bottom:1px solid var(--line)}
td{overflow-wrap:anywhere}td code{white-space:nowrap}
th{color:var(--soft);font-weight:600;white-space:nowrap}
.facts th{width:11rem}
.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.badge{display:inline-block;border-radius:3px;padding:.05rem .45rem;font-size:.75rem;font-weight:600;white-space:nowrap}
time{white-space:nowrap;font-variant-numeric:tabular-nums}
ul{margin:.2rem 0 .6rem;padding-left:1.2rem}
@media (max-width:45rem){main{margin:0;padding:1.5rem 1.2rem;border-width:6px 0 0}}
@media print{
:root{--paper:#fff;--back:#fff;--ink:#000;--soft:#444;--line:#bbb;--good:#0b6b4f;--goodback:#fff;--bad:#9b2c1c;--badback:#fff;--accent:#1f4e79}
@page{size:A4;margin:16mm 14mm}
body{font-size:10pt}
main{max-width:none;margin:0;padding:0;border:0}
.wide{overflow:visible}
h2,h3{break-after:avoid}tr,article,.figures div,.proof{break-inside:avoid}thead{display:table-header-group}
}
`;
