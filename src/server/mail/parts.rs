//! What a message says, as text and as HTML: without pictures, and with nothing that tells who has read it.

use super::Message;

/// The message as plain text.
pub fn text(message: &Message, server: &str) -> String {
    let mut blocks = message.paragraphs.clone();
    blocks.extend(message.button.as_ref().map(|(label, address)| format!("{label}:\n{address}")));
    blocks.push(format!("-- \nProdMatic at {server}"));
    blocks.join("\n\n") + "\n"
}

/// The message as it stands in a log: each line marked, so that nothing in it passes for a line of the log's own.
pub fn log_lines(message: &Message, server: &str) -> String {
    let text = text(message, server);
    text.split(is_line_end).map(|line| format!("    | {}\n", one_line(line))).collect()
}

/// Whatever a program that shows a log may begin a new line at (UAX #14, class BK and its like).
fn is_line_end(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// The message as a page. Mail programs know no style sheets, so the few styles stand on the elements.
pub fn html(message: &Message, server: &str) -> String {
    let paragraph = |text: &String| format!("<p style=\"margin:0 0 16px\">{}</p>", escaped(text).replace('\n', "<br>"));
    let body: String = message.paragraphs.iter().map(paragraph).collect();
    let button = message.button.as_ref().map(|(label, address)| button(label, address)).unwrap_or_default();
    format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{subject}</title></head>\
         <body style=\"margin:0;padding:24px;font:16px/1.5 sans-serif;color:#1c1d22;background:#ffffff\">\
         <div style=\"max-width:34em\">{body}{button}\
         <p style=\"margin:24px 0 0;color:#62646e;font-size:13px\">ProdMatic at {server}</p></div></body></html>",
        subject = escaped(&message.subject),
        server = escaped(server),
    )
}

/// The address stands below the button, for whoever wants to see it before they follow it.
fn button(label: &str, address: &str) -> String {
    let (label, address) = (escaped(label), escaped(address));
    format!(
        "<p style=\"margin:0 0 16px\"><a href=\"{address}\" style=\"display:inline-block;padding:10px 18px;border-radius:7px;\
         background:#4f46e5;color:#ffffff;text-decoration:none\">{label}</a></p>\
         <p style=\"margin:0 0 16px;color:#62646e;font-size:13px;word-break:break-all\">{address}</p>"
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

/// The text on one line, so that it cannot begin a header of its own.
pub fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>().trim().to_owned()
}
