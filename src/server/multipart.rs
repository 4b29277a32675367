//! Forms with a file in them, of which only the file may be large.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::body::Body;
use axum::extract::Request;
use futures_util::StreamExt;
use futures_util::stream::unfold;
use tokio::task::yield_now;

/// The most bytes of a form before its file: names and words, and what is read ahead of the file itself.
const BEFORE_FILE: usize = 1 << 20;

/// The request with a body that breaks off when it is long and the file has not begun; `begun` says that it has.
///
/// It also comes one piece at a time: the reader of forms takes all that is there into its memory, however much that is.
pub fn small_before_file(request: Request, begun: Arc<AtomicBool>) -> Request {
    request.map(|body| {
        let pieces = (body.into_data_stream(), 0, begun);
        Body::from_stream(unfold(pieces, |(mut pieces, seen, begun)| async move {
            if seen > 0 {
                yield_now().await;
            }
            let mut piece = pieces.next().await?;
            if seen > BEFORE_FILE && !begun.load(Ordering::Relaxed) {
                piece = Err(axum::Error::new("a form without its file is too long"));
            }
            let seen = seen + piece.as_ref().map_or(0, |piece| piece.len());
            Some((piece, (pieces, seen, begun)))
        }))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> Request {
        let pieces = (0..40).map(|_| Ok::<_, std::io::Error>(vec![0u8; 64 << 10]));
        Request::new(Body::from_stream(futures_util::stream::iter(pieces)))
    }

    async fn length(request: Request) -> Result<usize, axum::Error> {
        axum::body::to_bytes(request.into_body(), usize::MAX).await.map(|bytes| bytes.len())
    }

    #[tokio::test]
    async fn only_what_comes_before_the_file_is_limited() {
        let begun = Arc::new(AtomicBool::new(false));
        assert!(length(small_before_file(request(), begun.clone())).await.is_err());
        begun.store(true, Ordering::Relaxed);
        assert_eq!(length(small_before_file(request(), begun)).await.unwrap(), 40 << 16);
    }
}
