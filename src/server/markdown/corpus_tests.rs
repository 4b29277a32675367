//! Scripts that people have tried to get through, in the manner of the cheat sheets on cross-site scripting and of sanitisers'
//! own tests. None of them becomes more than text, wherever it is written.

use std::collections::HashMap;
use std::time::Instant;

use super::document::{Document, Known, SHOWN_MAX, Target, document, plain_text};
use super::{DEPTH, render};

pub const SAMPLES: &[&str] = &[
    "<script>alert(1)</script>",
    "<SCRIPT SRC=https://evil.example/x.js></SCRIPT>",
    "<script\n>alert(1)</script\n>",
    "<script/x>alert(1)</script>",
    "<<script>alert(1)//<</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script>\u{2028}alert(1)</script>",
    "<script src=//evil.example>",
    "<script>alert(1)<!-- -->",
    "<img src=x onerror=alert(1)>",
    "<img src=\"javascript:alert(1)\">",
    "<IMG SRC=JaVaScRiPt:alert(1)>",
    "<img \"\"\"><script>alert(1)</script>\">",
    "<img src=`javascript:alert(1)`>",
    "<img src=&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;&#58;alert(1)>",
    "<img src=\"jav\tascript:alert(1)\">",
    "<img src=\"jav&#x0A;ascript:alert(1)\">",
    "<img src=\" &#14; javascript:alert(1)\">",
    "<img onmouseover=alert(1)>",
    "<img/onerror=alert(1) src=x>",
    "<img src=x:x onerror\u{b}=alert(1)>",
    "<img lowsrc=\"javascript:alert(1)\" dynsrc=\"javascript:alert(1)\">",
    "<input type=image src=\"javascript:alert(1)\">",
    "<input onfocus=alert(1) autofocus>",
    "<body onload=alert(1)>",
    "<body background=\"javascript:alert(1)\">",
    "<bgsound src=\"javascript:alert(1)\">",
    "<svg onload=alert(1)>",
    "<svg/onload=alert(1)//",
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<svg><a xlink:href=\"javascript:alert(1)\"><text y=9>x</text></a></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<math href=\"javascript:alert(1)\">x</math>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<style>@import 'https://evil.example/x.css';</style>",
    "<style>li{list-style-image:url(\"javascript:alert(1)\")}</style><ul><li>x",
    "<div style=\"background:url(javascript:alert(1))\">x</div>",
    "<div style=\"width:expression(alert(1))\">x</div>",
    "<link rel=stylesheet href=\"javascript:alert(1)\">",
    "<meta http-equiv=refresh content=\"0;url=javascript:alert(1)\">",
    "<base href=\"javascript:alert(1)//\">",
    "<iframe src=\"javascript:alert(1)\"></iframe>",
    "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
    "<frameset><frame src=\"javascript:alert(1)\"></frameset>",
    "<object data=\"javascript:alert(1)\"></object>",
    "<embed src=\"data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==\">",
    "<applet code=x></applet>",
    "<form action=\"javascript:alert(1)\"><button>x</button></form>",
    "<button formaction=\"javascript:alert(1)\">x</button>",
    "<details open ontoggle=alert(1)>x</details>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<video><source onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)>",
    "<table background=\"javascript:alert(1)\"><td>x</table>",
    "<template><script>alert(1)</script></template>",
    "<text\u{61}rea></text\u{61}rea><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</textarea><img src=x onerror=alert(1)>",
    "\"><script>alert(1)</script>",
    "' onmouseover='alert(1)",
    "\" autofocus onfocus=alert(1) x=\"",
    "javascript:alert(1)",
    "<javascript:alert(1)>",
    "<a href=\"javascript:alert(1)\">x</a>",
    "<a href=\" javascript:alert(1)\" onclick=alert(1)>x</a>",
    "<a href=\"java&NewLine;script&colon;alert(1)\">x</a>",
    "<a href=data:text/html,<script>alert(1)</script>>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](\u{1}javascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox(1))",
    "[x](//evil.example/)",
    "[x](/\\evil.example)",
    "[x](/orgs/../api/x)",
    "[x](/orgs//evil.example)",
    "[x](https://a.example \"\" onmouseover=\"alert(1)\")",
    "[x](https://a.example/\"onmouseover=alert(1)//)",
    "[x]: javascript:alert(1)\n\n[x]",
    "![x](javascript:alert(1))",
    "![x](https://evil.example/pixel.png)",
    "![x\" onerror=\"alert(1)](y)",
    "# x {onclick=alert(1)}",
    "# <img src=x onerror=alert(1)>",
    "#\" onclick=\"alert(1)",
    "```\"><script>alert(1)</script>\nx\n```",
    "```html onload=alert(1)\n<script>alert(1)</script>\n```",
    "`<script>alert(1)</script>`",
    "> - <b onmouseover=alert(1)>x</b>",
    "| <script>alert(1)</script> |\n|---|\n| <img src=x onerror=alert(1)> |",
    "[^\"><script>alert(1)</script>]\n\n[^\"><script>alert(1)</script>]: x",
    "[^1]\n\n[^1]: <script>alert(1)</script> [y](javascript:alert(1))",
    "- [ ] <script>alert(1)</script>\n- [x] [y](javascript:alert(1))",
    "@<script>alert(1)</script>",
    "/orgs/acme/products/p/ideas/\"onmouseover=\"alert(1)",
    "https://a.example/\"onmouseover=\"alert(1)",
    "https://a.example/?x=<script>alert(1)</script>",
    "<https://a.example/\" onmouseover=\"alert(1)>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version=\"1.0\"?><script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "<xss id=x tabindex=1 onfocusin=alert(1)></xss>",
    "<mark id=content class=item-state onclick=alert(1)>x</mark>",
];

/// Every attribute that anything of ours has.
const ATTRIBUTES: [&str; 6] = ["href", "title", "id", "class", "rel", "start"];
const TAGS: [&str; 28] = [
    "a",
    "blockquote",
    "br",
    "code",
    "del",
    "div",
    "em",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "span",
    "strong",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
];

/// The tags of a text, each without its brackets; one in quotes ends nothing.
fn tags(html: &str) -> Vec<&str> {
    let (mut tags, mut start, mut quoted) = (Vec::new(), None, false);
    for (at, c) in html.char_indices() {
        match (c, start) {
            ('<', None) => start = Some(at + 1),
            ('"', Some(_)) => quoted = !quoted,
            ('>', Some(from)) if !quoted => {
                tags.push(&html[from..at]);
                start = None;
            }
            _ => {}
        }
    }
    tags
}

/// What is wrong with HTML that should hold nothing but ours.
fn wrong(html: &str) -> Option<String> {
    for tag in tags(html) {
        let tag = tag.trim_start_matches('/');
        let (name, mut rest) = tag.split_once(' ').unwrap_or((tag, ""));
        if !TAGS.contains(&name.trim_end_matches('/')) {
            return Some(format!("the tag {name}"));
        }
        // Attributes as the sanitiser writes them: a name, and a value in double quotes with none inside.
        while let Some((attribute, after)) = rest.split_once("=\"") {
            let Some((value, next)) = after.split_once('"') else { return Some(format!("what begins as {attribute}")) };
            if !ATTRIBUTES.contains(&attribute.trim()) {
                return Some(format!("the attribute {attribute}"));
            }
            let followed = ["https://", "http://", "mailto:", "#", "/orgs/"].iter().any(|good| value.starts_with(good));
            if attribute.trim() == "href" && (!followed || value.starts_with("/orgs//") || value.starts_with("/orgs/..")) {
                return Some(format!("the address {value}"));
            }
            rest = next;
        }
    }
    None
}

fn known<R>(act: impl FnOnce(&Known<'_>) -> R) -> R {
    let target =
        |title: &str, state: &str| Target { title: title.into(), state: state.into(), href: "/orgs/acme/products/p/ideas/1".into() };
    let targets = HashMap::from([
        ("/orgs/acme/products/p/ideas/1".to_owned(), target("Mobile <App>", "Under review")),
        ("/orgs/acme/products/p/ideas/2".to_owned(), target("<script>alert(1)</script>", "\"><script>")),
        ("ROCKET-1".to_owned(), target("Mobile <App>", "Under review")),
        ("ROCKET-2".to_owned(), target("\"><script>alert(1)</script>", "\"><script>")),
    ]);
    let names =
        |text: &str| -> Vec<(String, bool)> { text.split_inclusive(' ').map(|word| (word.to_owned(), word.starts_with('@'))).collect() };
    act(&Known { url: "https://pm.example", targets: &targets, names: &names, marks: &[] })
}

fn shown(text: &str) -> Document {
    known(|known| document(text, known)).unwrap()
}

fn html(text: &str) -> String {
    shown(text).html.as_str().trim().to_owned()
}

#[test]
fn no_sample_is_more_than_text() {
    assert!(SAMPLES.len() > 100);
    for sample in SAMPLES {
        let around = [
            (*sample).to_owned(),
            format!("# {sample}"),
            format!("[{sample}](https://a.example)"),
            format!("[x]({sample})"),
            format!("[x](<{sample}>)"),
            format!("[x](https://a.example \"{sample}\")"),
            format!("![{sample}]({sample})"),
            format!("> - *{sample}*\n"),
            format!("| {sample} | x |\n|---|---|\n| y | {sample} |"),
            format!("x[^1]\n\n[^1]: {sample}"),
            format!("@{sample} https://a.example/{sample} /orgs/acme/{sample}"),
            format!("```{sample}\n{sample}\n```"),
        ];
        for text in around {
            for html in [html(&text), render(&text).as_str().to_owned()] {
                assert_eq!(wrong(&html), None, "{text}\n{html}");
            }
        }
    }
}

#[test]
fn a_document_looks_as_it_is_meant() {
    let text = "# Plan\n\n## Plan\n\nDone[^a].\n\n- [x] one\n- [ ] two\n\n[^a]: Really.\n\n~~old~~ `code`\n\n| a |\n|---|\n| b |";
    let Document { html, steps, .. } = shown(text);
    let html = html.as_str();
    for part in [
        "<h2 id=\"h-plan\">Plan</h2>",
        "<h3 id=\"h-plan.2\">Plan</h3>",
        "<sup id=\"fnref-1\"><a href=\"#fn-1\"",
        "<div class=\"footnote\" id=\"fn-1\">",
        "☑ one",
        "☐ two",
        "<del>old</del>",
        "<td>b</td>",
    ] {
        assert!(html.contains(part), "{part}: {html}");
    }
    assert_eq!(steps, [(2, "h-plan".to_owned(), "Plan".to_owned()), (3, "h-plan.2".to_owned(), "Plan".to_owned())]);
}

#[test]
fn links_say_what_they_lead_to() {
    for text in [
        "/orgs/acme/products/p/ideas/1",
        "<https://pm.example/orgs/acme/products/p/ideas/1>",
        "https://pm.example/orgs/acme/products/p/ideas/1",
    ] {
        let html = html(&format!("See {text}."));
        assert!(html.contains(">Mobile &lt;App&gt;</a> <span class=\"item-state\">Under review</span>"), "{html}");
    }
    let html = html(
        "[this one](/orgs/acme/products/p/ideas/1) and /orgs/acme/products/p/ideas/9 and [x](/orgs/acme/members), https://a.example/x_y",
    );
    assert!(html.contains("title=\"Mobile <App>\"") || html.contains("title=\"Mobile &lt;App&gt;\""), "{html}");
    assert!(html.contains(">this one</a> <span class=\"item-state\">") && !html.contains("ideas/9\""), "{html}");
    assert!(html.contains("href=\"/orgs/acme/members\"") && html.contains("href=\"https://a.example/x_y\""), "{html}");
    assert_eq!(wrong(&self::html("/orgs/acme/products/p/ideas/2 [x](/orgs/acme/products/p/ideas/2)")), None);
    assert!(self::html("hello @ada you").contains("<mark class=\"mention\">@ada </mark>"));
}

#[test]
fn short_references_lead_to_what_they_are_of() {
    let link = html("See ROCKET-1.");
    assert!(link.contains("<a href=\"/orgs/acme/products/p/ideas/1\" title=\"Mobile "), "{link}");
    assert!(link.contains(">ROCKET-1</a> <span class=\"item-state\">Under review</span>."), "{link}");
    for text in ["`ROCKET-1`", "```\nROCKET-1\n```", "    ROCKET-1", "ROCKET-9", "rocket-1", "/r/ROCKET-1", "UTF-8"] {
        assert!(!html(text).contains("<a "), "{text}: {}", html(text));
    }
    assert_eq!(html("[ROCKET-1](https://a.example)").matches("<a ").count(), 1, "a link of one's own stays one");
    assert_eq!(html("# ROCKET-1\n\n**ROCKET-1** | @ROCKET-1").matches("<a ").count(), 2);
    assert_eq!(wrong(&html("ROCKET-2")), None);
}

#[test]
fn passages_are_marked_where_they_are() {
    let text = "One **two\nthree** four.\n\nFive `six` seven";
    let plain = plain_text(text);
    assert_eq!(plain, "One two three four. Five six seven");
    let at = |words: &str| plain.find(words).map(|at| at..at + words.len()).unwrap();
    let marks =
        [(at("two three four"), "passage-a".to_owned()), (at("six"), "passage-b".to_owned()), (at("three"), "passage-c".to_owned())];
    let targets = HashMap::new();
    let names = |text: &str| vec![(text.to_owned(), false)];
    let known = Known { url: "", targets: &targets, names: &names, marks: &marks };
    let html = document(text, &known).unwrap().html.as_str().replace('\n', " ");
    for part in [
        "One <strong><mark class=\"passage\" id=\"passage-a\">two</mark>",
        "id=\"passage-c\">three</mark></mark></strong><mark class=\"passage\"> four</mark>.",
        "<mark class=\"passage\" id=\"passage-b\"><code>six</code></mark> seven",
    ] {
        assert!(html.contains(part), "{part}: {html}");
    }
    assert_eq!(wrong(&html), None);
}

/// What no person writes, but a program may: shown or refused, and quickly. Tests are built without optimisation and take
/// about ten times as long as what people run.
#[test]
fn monsters_are_shown_or_refused_in_time() {
    let monsters = [
        ("one line", "word ".repeat(200_000)),
        ("one word", "x".repeat(1_000_000)),
        ("headings", (0..10_000).map(|n| format!("# Heading {n}\n\n")).collect()),
        ("the same heading", "# Same\n\n".repeat(10_000)),
        ("quotes", format!("{}deep", "> ".repeat(1_000))),
        ("lists", (0..300).map(|n| format!("{}- x\n", " ".repeat(n * 2))).collect()),
        ("footnotes", (0..5_000).map(|n| format!("x[^{n}]\n\n[^{n}]: y\n\n")).collect()),
        ("brackets", "[".repeat(50_000)),
        ("emphasis", "*a _b ".repeat(20_000)),
        ("backticks", (0..1_000).map(|n| "`".repeat(n)).collect::<Vec<_>>().join(" ")),
        ("names", "@ ".repeat(50_000)),
        ("addresses", "/orgs/ https:// h ".repeat(20_000)),
    ];
    let limit = if cfg!(debug_assertions) { 20.0 } else { 1.0 };
    for (name, text) in monsters {
        let start = Instant::now();
        let shown = shown(&text);
        assert!(start.elapsed().as_secs_f64() < limit, "{name}: {:?}", start.elapsed());
        assert!(shown.steps.len() <= 200 && (name != "headings" || shown.more == 9_800), "{name}");
        assert!(shown.html.as_str().matches("<blockquote>").count() <= DEPTH, "{name}");
    }
    let start = Instant::now();
    let refused = known(|known| document(&"x ".repeat(5 * 512 * 1024), known)).unwrap_err();
    assert!(refused.contains("5.2 MB") && refused.contains("1.1 MB") && start.elapsed().as_millis() < 500, "{refused}");
    let start = Instant::now();
    let cells = format!("{}\n{}\n{}", "|a".repeat(2_000), "|-".repeat(2_000), "|b\n".repeat(1_000));
    let shown = known(|known| document(&cells, known));
    assert!(shown.is_err_and(|told| told.contains("too many parts")) && start.elapsed().as_secs_f64() < limit);
    const { assert!(SHOWN_MAX > 1 << 20, "one line of a megabyte is shown") };
}
