//! The code on the poster: a link as a QR code, drawn as SVG.

use maud::{Markup, PreEscaped, html};
use qrcode::{Color, EcLevel, QrCode};

use crate::trouble::Broken;

/// Blank modules around the code, without which readers do not find it.
const QUIET: usize = 4;

/// The code of `link`. Black on white in dark mode too: readers look for dark on light.
pub fn code(link: &str) -> Result<Markup, Broken> {
    let modules = modules(link)?;
    let side = modules.len() + 2 * QUIET;
    let mut path = String::new();
    for (y, row) in modules.iter().enumerate() {
        for (x, _) in row.iter().enumerate().filter(|(_, is_dark)| **is_dark) {
            path.push_str(&format!("M{} {}h1v1h-1z", x + QUIET, y + QUIET));
        }
    }
    Ok(html! {
        svg viewBox={ "0 0 " (side) " " (side) } role="img" aria-label="The link as a code for phones" style="width:min(100%,18rem);height:auto;display:block" shape-rendering="crispEdges" {
            rect width=(side) height=(side) fill="#fff" {}
            (PreEscaped(format!("<path fill=\"#000\" d=\"{path}\"/>")))
        }
    })
}

/// The modules of the code, row by row; `true` is dark. A quarter of them may be soiled.
fn modules(link: &str) -> Result<Vec<Vec<bool>>, Broken> {
    let code = QrCode::with_error_correction_level(link, EcLevel::Q)
        .map_err(|error| Broken::accident("drawing a code", error))?;
    let dark: Vec<bool> = code.to_colors().into_iter().map(|color| color == Color::Dark).collect();
    Ok(dark.chunks(code.width()).map(<[bool]>::to_vec).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Read by another implementation than the one that wrote it, from the picture as it is drawn.
    #[test]
    fn a_phone_reads_the_link_from_the_code() {
        let link = "https://traction.example.org/kiosk/0123456789abcdef0123";
        let drawn = code(link).unwrap().into_string();
        let side = modules(link).unwrap().len() + 2 * QUIET;
        let mut dark = vec![false; side * side];
        let path = drawn.split("d=\"").nth(1).unwrap();
        for module in path.split('M').skip(1) {
            let (x, rest) = module.split_once(' ').unwrap();
            let (y, _) = rest.split_once('h').unwrap();
            dark[y.parse::<usize>().unwrap() * side + x.parse::<usize>().unwrap()] = true;
        }
        const SCALE: usize = 6;
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(side * SCALE, side * SCALE, |x, y| {
            if dark[(y / SCALE) * side + x / SCALE] { 0 } else { 255 }
        });
        let grids = image.detect_grids();
        assert_eq!(grids.len(), 1);
        assert_eq!(grids[0].decode().unwrap().1, link);
    }
}
