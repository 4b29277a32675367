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

    /// This colour, moved towards `end` in steps just as far as this contrast with `ground` needs.
    fn apart(self, ground: Color, end: Color, contrast: f64) -> Color {
        (0..=100).step_by(5).map(|percent| self.mixed(end, percent)).find(|c| c.contrast(ground) >= contrast).unwrap_or(end)
    }

    /// The colour of text on this one.
    fn text(self) -> Color {
        if self.contrast(WHITE) >= TEXT_CONTRAST { WHITE } else { BLACK }
    }
}

/// The address of the style sheet that `accent_css` makes of a colour.
pub fn accent_path(hex: &str) -> String {
    format!("/accent/{}.css", hex.trim_start_matches('#'))
}

/// An accent in one of the themes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Shades {
    /// Of controls.
    fill: Color,
    /// Of text on them.
    on_fill: Color,
    /// Of text on the page, and on grounds that are tinted with the accent.
    text: Color,
}

impl Shades {
    /// The colour as a page of this ground needs it: moved towards `end`, away from the ground, as far as a control has to stand
    /// out. The ground of text is tinted by at most so many parts of a hundred.
    fn of(brand: Color, ground: Color, end: Color, tint: u32) -> Shades {
        let fill = brand.apart(ground, end, CONTROL_CONTRAST);
        Shades { fill, on_fill: fill.text(), text: brand.apart(ground.mixed(fill, tint), end, TEXT_CONTRAST) }
    }

    fn light(brand: Color) -> Shades {
        Shades::of(brand, LIGHT_GROUND, BLACK, 12)
    }

    fn dark(brand: Color) -> Shades {
        Shades::of(brand, DARK_GROUND, WHITE, 20)
    }
}

/// The style rules that make an organisation's colour the accent: darker where the light theme needs it, lighter where the dark
/// one does. None for what is no colour.
pub fn accent_css(hex: &str) -> Option<String> {
    let brand = Color::parse(hex)?;
    // Rather a little darker than black text on a colour that white text nearly suits.
    let brand = if brand.contrast(WHITE) >= CONTROL_CONTRAST { brand.apart(WHITE, BLACK, TEXT_CONTRAST) } else { brand };
    let rules = |theme: &str, shades: Shades| {
        let Shades { fill, on_fill, text } = shades;
        format!("--brand-fill-{theme}:{};--brand-on-fill-{theme}:{};--brand-text-{theme}:{}", fill.hex(), on_fill.hex(), text.hex())
    };
    Some(format!(":root{{{};{}}}", rules("light", Shades::light(brand)), rules("dark", Shades::dark(brand))))
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
    fn a_brand_stays_as_it_is_where_it_can() {
        let blue = Color(0x25, 0x63, 0xeb);
        assert_eq!((Shades::light(blue).fill, Shades::light(blue).on_fill, Shades::dark(blue).fill), (blue, WHITE, blue));
        for brand in ["#c2185b", "#1d4ed8", "#7c3aed", "#111827", "#b91c1c", "#ff6600", "#ffff99", "#000000", "#ffffff"] {
            assert!(accent_css(brand).is_some(), "{brand}");
        }
        assert_eq!(accent_css("red"), None);
    }

    proptest! {
        #[test]
        fn every_colour_can_be_made_out_and_read(r: u8, g: u8, b: u8) {
            let brand = Color(r, g, b);
            for (shades, ground, tint) in [(Shades::light(brand), LIGHT_GROUND, 12), (Shades::dark(brand), DARK_GROUND, 20)] {
                prop_assert!(shades.fill.contrast(ground) >= CONTROL_CONTRAST, "{shades:?}");
                prop_assert!(shades.fill.contrast(shades.on_fill) >= TEXT_CONTRAST, "{shades:?}");
                for percent in [0, tint] {
                    prop_assert!(shades.text.contrast(ground.mixed(shades.fill, percent)) >= TEXT_CONTRAST, "{shades:?}");
                }
            }
        }
    }
}
