//! Pictures that people upload. Each is decoded and drawn anew, so that what is served is a picture of ours and nothing else:
//! no script in it, no place where it was taken.

use std::collections::BTreeSet;
use std::io::Cursor;
use std::sync::{Mutex, PoisonError};

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Path, Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use image::codecs::webp::WebPEncoder;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};
use sqlx::PgConnection;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use super::db::internal;
use super::forms::Web;
use super::guard::body;
use super::guard::rate::{self, Costly};
use super::id::hash_bytes;
use crate::kernel::error::AppError;

/// Width and height of a stored picture, in pixels.
const SIDE: u32 = 256;
/// Width and height that an uploaded picture has at most, in pixels.
const SIDE_MAX: u32 = 8000;
/// Pixels that an uploaded picture has at most.
const PIXELS_MAX: u64 = 16_000_000;
/// Scans that a JPEG has at most: a progressive one has about ten, and each goes over the whole picture.
const SCANS_MAX: usize = 32;
/// What decoding may take of memory, in bytes: a small file can unfold into gigabytes.
const MEMORY_MAX: u64 = 64 << 20;
/// Bytes of an upload that are read and thrown away, to have somebody told who has chosen too large a file.
const READ_MAX: usize = 16 << 20;
/// Pictures that are decoded at one time.
static PLACES: Semaphore = Semaphore::const_new(2);
/// People for whom a picture is drawn or waits to be.
static AT_WORK_FOR: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
/// The form's field that holds the picture.
pub const FIELD: &str = "picture";
const PATH: &str = "/images/";

/// A picture as it will be stored: square, of one size, WebP.
pub struct Picture(Vec<u8>);

impl Picture {
    /// Draws an uploaded picture anew for this person; slow work, for which no connection should be held.
    ///
    /// # Errors
    /// A field error for what is no picture, or too large a one, or one too many at a time; `RateLimited` for too many.
    pub async fn of(bytes: Vec<u8>, person: &str, limits: &rate::Limits) -> Result<Picture, AppError> {
        let turn = Turn::of(person)?;
        limits.spend(Costly::Picture, person)?;
        let place = PLACES.acquire().await.map_err(internal)?;
        let work = move || {
            // Both are held until the work is done, which goes on when the request that asked for it is over.
            let _held = (place, turn);
            draw(bytes)
        };
        let drawn = spawn_blocking(work).await.map_err(internal)?;
        drawn.map(Picture).map_err(|message| AppError::field(FIELD, message))
    }

    /// Keeps the picture; gives its path on this server. The same picture twice is kept once.
    pub async fn store(self, db: &mut PgConnection) -> Result<String, AppError> {
        let id = hash_bytes(&self.0);
        sqlx::query(r#"INSERT INTO "Image" (id, bytes, "contentType") VALUES ($1, $2, 'image/webp') ON CONFLICT DO NOTHING"#)
            .bind(&id)
            .bind(self.0)
            .execute(db)
            .await?;
        Ok(format!("{PATH}{id}"))
    }
}

/// The one picture at a time that is drawn for a person.
struct Turn(String);

impl Turn {
    fn of(person: &str) -> Result<Turn, AppError> {
        match AT_WORK_FOR.lock().unwrap_or_else(PoisonError::into_inner).insert(person.to_owned()) {
            true => Ok(Turn(person.to_owned())),
            false => Err(AppError::field(FIELD, "Another picture of yours is being worked on. Please try again in a moment.")),
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        AT_WORK_FOR.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.0);
    }
}

/// Forgets a picture, given by its path, once nobody shows it any more.
pub async fn drop_unused(db: &mut PgConnection, path: &str) -> Result<(), AppError> {
    sqlx::query("SELECT drop_unused_image($1)").bind(path).execute(db).await?;
    Ok(())
}

const UNREADABLE: &str = "This picture cannot be read. Please choose a PNG, JPEG, WebP or GIF file.";
const TOO_LARGE: &str = "This picture is too large. Please choose one of at most 16 megapixels, and 8000 pixels a side.";

/// The middle of the picture as a small square. The first one of several, where it moves.
fn draw(bytes: Vec<u8>) -> Result<Vec<u8>, String> {
    let scans = scans(&bytes);
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| UNREADABLE)?;
    if !matches!(reader.format(), Some(ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::WebP | ImageFormat::Gif)) {
        return Err(UNREADABLE.into());
    }
    if reader.format() == Some(ImageFormat::Jpeg) && scans > SCANS_MAX {
        return Err(UNREADABLE.into());
    }
    reader.limits(limits());
    let mut decoder = reader.into_decoder().map_err(told)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > PIXELS_MAX {
        return Err(TOO_LARGE.into());
    }
    // Not every decoder counts the picture itself.
    limits().reserve(decoder.total_bytes()).map_err(told)?;
    let orientation = decoder.orientation().map_err(told)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(told)?;
    let side = picture.width().min(picture.height());
    picture = picture.crop_imm((picture.width() - side) / 2, (picture.height() - side) / 2, side, side).thumbnail_exact(SIDE, SIDE);
    picture.apply_orientation(orientation);
    let mut drawn = Vec::new();
    let pixels = DynamicImage::from(picture.into_rgba8());
    pixels.write_with_encoder(WebPEncoder::new_lossless(&mut drawn)).map_err(told)?;
    Ok(drawn)
}

/// How many scans a JPEG begins (ITU-T T.81, annex B): never fewer than there are, since the marker stands nowhere in a scan
/// itself. Of what else a file holds it may stand in a preview or, by chance, in a profile.
fn scans(jpeg: &[u8]) -> usize {
    jpeg.windows(2).filter(|pair| *pair == [0xFF, 0xDA]).count()
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    (limits.max_image_width, limits.max_image_height, limits.max_alloc) = (Some(SIDE_MAX), Some(SIDE_MAX), Some(MEMORY_MAX));
    limits
}

fn told(error: image::ImageError) -> String {
    match error {
        image::ImageError::Limits(_) => TOO_LARGE.to_owned(),
        _ => UNREADABLE.to_owned(),
    }
}

/// The picture in an uploaded form.
///
/// # Errors
/// A field error for no file, or a file of more than 1 MB.
pub async fn receive(request: Request) -> Result<Vec<u8>, AppError> {
    let broken = |_| AppError::field(FIELD, "The file did not arrive whole, or is far larger than 1 MB. Please try again.");
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| AppError::field(FIELD, "Please choose a file."))?;
    let (mut bytes, mut length) = (Vec::new(), 0);
    while let Some(mut field) = form.next_field().await.map_err(broken)? {
        let wanted = field.name() == Some(FIELD);
        while let Some(chunk) = field.chunk().await.map_err(broken)? {
            if wanted {
                length += chunk.len();
                // Read to its end all the same: a browser shows no answer to what it could not send.
                if length <= body::MAX {
                    bytes.extend_from_slice(&chunk);
                }
            }
        }
    }
    match length {
        0 => Err(AppError::field(FIELD, "Please choose a file.")),
        _ if length > body::MAX => Err(AppError::field(FIELD, "This file is larger than 1 MB. Please choose a smaller one.")),
        _ => Ok(bytes),
    }
}

/// Where pictures are had, and where they are sent to: `upload` is a router of the addresses that take a picture.
pub fn routes(upload: Router<Web>) -> Router<Web> {
    upload.layer(DefaultBodyLimit::max(READ_MAX)).route("/images/{id}", get(serve))
}

/// After an upload to `{page}/image`: back to the page, which says how it went.
pub async fn answer(web: &Web, parts: http::request::Parts, page: &str, outcome: Result<(), AppError>) -> Response {
    web.led(parts, page.to_owned(), Vec::new(), outcome.map(|()| format!("{page}?saved=picture"))).await
}

/// A stored picture. Its address changes with it, so browsers may keep it for good.
async fn serve(State(web): State<Web>, Path(id): Path<String>) -> Response {
    let found: Result<Option<(Vec<u8>, String)>, sqlx::Error> = sqlx::query_as(r#"SELECT bytes, "contentType" FROM "Image" WHERE id = $1"#)
        .bind(id.replace('\0', ""))
        .fetch_optional(&web.state.pool)
        .await;
    match found {
        Ok(Some((bytes, kind))) => {
            let headers = [
                (CONTENT_TYPE, kind.as_str()),
                (CACHE_CONTROL, "public, max-age=31536000, immutable"),
                (CONTENT_SECURITY_POLICY, "default-src 'none'"),
            ];
            (headers, bytes).into_response()
        }
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{Rgba, RgbaImage};

    fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
        let pixels = RgbaImage::from_fn(width, height, |x, _| if x < width / 2 { Rgba([255, 0, 0, 255]) } else { Rgba([0, 0, 255, 255]) });
        let mut bytes = Vec::new();
        DynamicImage::from(DynamicImage::from(pixels).into_rgb8()).write_to(&mut Cursor::new(&mut bytes), format).unwrap();
        bytes
    }

    #[test]
    fn every_kind_becomes_a_small_square() {
        for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP, ImageFormat::Gif] {
            let drawn = draw(picture(640, 300, format)).unwrap();
            let read = ImageReader::with_format(Cursor::new(&drawn), ImageFormat::WebP).decode().unwrap().into_rgb8();
            assert_eq!(read.dimensions(), (SIDE, SIDE), "{format:?}");
            assert!(read.get_pixel(10, 128)[0] > 200 && read.get_pixel(245, 128)[2] > 200, "{format:?}: its middle");
        }
        assert_eq!(draw(picture(1, 1, ImageFormat::Png)).map(|drawn| drawn.is_empty()), Ok(false));
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>".to_vec();
        let mut broken = picture(64, 64, ImageFormat::Png);
        broken.truncate(60);
        for bytes in [svg, broken, Vec::new(), b"GIF89a".to_vec(), b"BM".to_vec(), vec![0; 1000]] {
            assert!(draw(bytes).unwrap_err().contains("cannot be read"));
        }
    }

    /// A few bytes that say of themselves to be enormous.
    #[test]
    fn a_bomb_does_not_go_off() {
        let wide = |side: u32| {
            let mut png = picture(8, 8, ImageFormat::Png);
            png[16..20].copy_from_slice(&side.to_be_bytes());
            png[20..24].copy_from_slice(&side.to_be_bytes());
            let crc = crc(&png[12..29]);
            png[29..33].copy_from_slice(&crc.to_be_bytes());
            png
        };
        for side in [8001, 60_000, 7999, 4001] {
            let refused = draw(wide(side)).unwrap_err();
            assert!(refused.contains("too large"), "{side}: {refused}");
        }
    }

    /// Each scan is a pass over the whole picture, and takes but a few bytes of the file.
    #[test]
    fn a_jpeg_of_too_many_scans_is_not_decoded() {
        let jpeg = picture(64, 64, ImageFormat::Jpeg);
        assert_eq!(scans(&jpeg), 1);
        let end = jpeg.len() - 2;
        let with = |more: usize| [&jpeg[..end], &b"\xFF\xDA\x00\x08\x01\x01\x00\x00\x3F\x00".repeat(more), &jpeg[end..]].concat();
        assert!(draw(with(SCANS_MAX)).unwrap_err().contains("cannot be read"));
        let preview = [&jpeg[..2], b"\xFF\xFE\x00\x06\xFF\xDA\xFF\xDA", &jpeg[2..]].concat();
        assert!(draw(preview).is_ok(), "one with a preview in it is");
    }

    #[tokio::test]
    async fn one_at_a_time_is_drawn_for_a_person_and_so_many_an_hour() {
        let limits = rate::Limits::new(&crate::server::config::Protection { rate_pictures: 2, ..Default::default() });
        let of = async |person: &str| Picture::of(picture(8, 8, ImageFormat::Png), person, &limits).await.err();
        let turn = Turn::of("ada").unwrap();
        assert!(of("ada").await.unwrap().of_field(FIELD).is_some_and(|told| told.contains("in a moment")));
        assert_eq!(of("bob").await, None, "others are not held up");
        drop(turn);
        assert_eq!((of("ada").await, of("ada").await), (None, None), "what was refused counts nothing");
        assert!(matches!(of("ada").await, Some(AppError::RateLimited(_))));
        assert!(!AT_WORK_FOR.lock().unwrap().contains("ada"));
    }

    /// The checksum of a PNG's chunk (ISO 3309).
    fn crc(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0, |crc: u32, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 })
        })
    }

    #[test]
    fn a_photograph_is_stripped_of_where_it_was_taken() {
        let jpeg = picture(300, 300, ImageFormat::Jpeg);
        let exif = b"\xFF\xE1\x00\x16Exif\0\0secret place!!";
        let tagged = [&jpeg[..2], exif, &jpeg[2..]].concat();
        let drawn = draw(tagged).unwrap();
        assert!(!drawn.windows(6).any(|part| part == b"secret"));
    }
}
