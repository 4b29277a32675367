//! Colours and their contrast, by WCAG 2.2 (relative luminance and contrast ratio, section "Terms").

/// An sRGB colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Color(pub u8, pub u8, pub u8);

/// Non-text contrast that a control needs against what is around it (WCAG 1.4.11).
const CONTROL_CONTRAST: f64 = 3.0;
/// Contrast that text needs against its ground (WCAG 1.4.3).
const TEXT_CONTRAST: f64 = 4.5;

const WHITE: Color = Color(255, 255, 255);
const BLACK: Color = Color(0, 0, 0);
/// The page's ground in the light and the dark theme, as in the style sheet.
const LIGHT_GROUND: Color = WHITE;
const DARK_GROUND: Color = Color(0x1b, 0x1c, 0x20);

impl Color {
    /// Reads `#rrggbb`.
    pub fn parse(hex: &str) -> Option<Color> {
        let digits = hex.strip_prefix('#').filter(|d| d.len() == 6 && d.bytes().all(|b| b.is_ascii_hexdigit()))?;
        let part = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
        Some(Color(part(0)?, part(2)?, part(4)?))
    }

    /// The colour as `#rrggbb`.
    pub fn hex(self) -> String {
        format!("#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }

    fn luminance(self) -> f64 {
        let linear = |part: u8| {
            let c = f64::from(part) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.0) + 0.7152 * linear(self.1) + 0.0722 * linear(self.2)
    }

    /// The contrast ratio with another colour, 1 to 21.
    pub fn contrast(self, other: Color) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    fn mixed(self, other: Color, percent: u32) -> Color {
        let mix = |a: u8, b: u8| ((u32::from(a) * (100 - percent) + u32::from(b) * percent) / 100) as u8;
        Color(mix(self.0, other.0), mix(self.1, other.1), mix(self.2, other.2))
    }

    /// This colour, moved towards `end` in steps just as far as text on `ground` needs.
    fn legible_on(self, ground: Color, end: Color) -> Color {
        (0..=100).step_by(5).map(|percent| self.mixed(end, percent)).find(|c| c.contrast(ground) >= TEXT_CONTRAST).unwrap_or(end)
    }
}

/// The address of the style sheet that `accent_css` makes of a colour.
pub fn accent_path(hex: &str) -> String {
    format!("/accent/{}.css", hex.trim_start_matches('#'))
}

/// The style rules that make an organisation's colour the accent, or none when a control in it could not be made out.
///
/// A fill is darkened as far as white text on it needs; a colour too pale for that gets black text.
pub fn accent_css(hex: &str) -> Option<String> {
    let brand = Color::parse(hex)?;
    let (fill, on_fill) = match brand.contrast(WHITE) >= CONTROL_CONTRAST {
        true => (brand.legible_on(WHITE, BLACK), WHITE),
        false => (brand, BLACK),
    };
    if fill.contrast(LIGHT_GROUND) < CONTROL_CONTRAST || fill.contrast(DARK_GROUND) < CONTROL_CONTRAST {
        return None;
    }
    // Tinted grounds lie between the accent and the page, so the text colour is measured against such a tint.
    let light = brand.legible_on(LIGHT_GROUND.mixed(fill, 12), BLACK);
    let dark = brand.legible_on(DARK_GROUND.mixed(fill, 20), WHITE);
    Some(format!(
        ":root{{--brand-fill:{};--brand-on-fill:{};--brand-text-light:{};--brand-text-dark:{}}}",
        fill.hex(),
        on_fill.hex(),
        light.hex(),
        dark.hex()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn contrast_is_that_of_the_standard() {
        assert!((WHITE.contrast(BLACK) - 21.0).abs() < 1e-9);
        assert_eq!(Color::parse("#3B82F6"), Some(Color(0x3b, 0x82, 0xf6)));
        for wrong in ["", "#fff", "3B82F6", "#3B82FG", "#ééé", "red;}", "#d0+f+f"] {
            assert_eq!(Color::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_pale_brand_is_not_taken() {
        assert!(accent_css("#3B82F6").is_some());
        assert_eq!(accent_css("#ffff99"), None);
        assert_eq!(accent_css("#111111"), None);
    }

    proptest! {
        #[test]
        fn text_in_the_brand_colour_is_legible(r: u8, g: u8, b: u8) {
            let brand = Color(r, g, b);
            prop_assert!(brand.legible_on(LIGHT_GROUND, BLACK).contrast(LIGHT_GROUND) >= TEXT_CONTRAST);
            prop_assert!(brand.legible_on(DARK_GROUND, WHITE).contrast(DARK_GROUND) >= TEXT_CONTRAST);
            prop_assert!(brand.contrast(WHITE).max(brand.contrast(BLACK)) >= TEXT_CONTRAST);
        }
    }
}
