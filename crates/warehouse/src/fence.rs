//! The only files that a query may open: those that lie below given folders, reached through no link, to be read.
//!
//! This is the engine's whole view of the disk. It holds for whoever wrote the plan: a query here, or a coordinator whose
//! plan names paths. Whoever may write into the folder while it is read can put a link there between the look and the
//! opening; that is for the folder's permissions to prevent.

use std::fmt;
use std::ops::Range;
use std::path::{Component, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use datafusion::execution::object_store::{DefaultObjectStoreRegistry, ObjectStoreRegistry};
use datafusion::object_store::local::LocalFileSystem;
use datafusion::object_store::path::Path;
use datafusion::object_store::{
    CopyOptions, Error, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore,
    PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
};
use futures_util::stream::{self, BoxStream, StreamExt};
use url::Url;

/// Files below some folders, to be read.
#[derive(Debug)]
pub struct Fence {
    disk: LocalFileSystem,
    roots: Vec<PathBuf>,
}

/// What stands behind a refusal.
#[derive(Debug, thiserror::Error)]
#[error("outside the folders that may be read here")]
struct Outside;

impl Fence {
    /// A fence around folders or files whose paths hold no link.
    pub fn around(roots: Vec<PathBuf>) -> Fence {
        Fence { disk: LocalFileSystem::new(), roots }
    }

    /// The stores of an engine that sees nothing else.
    pub fn only(self) -> Arc<dyn ObjectStoreRegistry> {
        let stores = DefaultObjectStoreRegistry::new();
        let disk = Url::parse("file:///").expect("a URL that stands here");
        stores.register_store(&disk, Arc::new(self));
        Arc::new(stores)
    }

    fn allow(&self, location: &Path) -> Result<()> {
        let path = self.disk.path_to_filesystem(location)?;
        let climbs = path.components().any(|part| part == Component::ParentDir);
        let is_below = self.roots.iter().any(|root| path.starts_with(root));
        if climbs || !is_below {
            return Err(outside(location));
        }
        // The path that is left when every link is followed is the path itself, or there was a link.
        let is_plain = path.canonicalize().is_ok_and(|whole| whole == path) && path.is_file();
        if is_plain { Ok(()) } else { Err(outside(location)) }
    }
}

fn outside(location: &Path) -> Error {
    Error::PermissionDenied { path: location.to_string(), source: Box::new(Outside) }
}

fn writes<T>() -> Result<T> {
    Err(Error::NotImplemented { operation: "to write or list".into(), implementer: "Fence".into() })
}

impl fmt::Display for Fence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Fence")
    }
}

#[async_trait]
impl ObjectStore for Fence {
    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        self.allow(location)?;
        self.disk.get_opts(location, options).await
    }

    async fn get_ranges(&self, location: &Path, ranges: &[Range<u64>]) -> Result<Vec<bytes::Bytes>> {
        self.allow(location)?;
        self.disk.get_ranges(location, ranges).await
    }

    async fn put_opts(&self, _: &Path, _: PutPayload, _: PutOptions) -> Result<PutResult> {
        writes()
    }

    async fn put_multipart_opts(&self, _: &Path, _: PutMultipartOptions) -> Result<Box<dyn MultipartUpload>> {
        writes()
    }

    fn delete_stream(&self, _: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        stream::once(async { writes() }).boxed()
    }

    fn list(&self, _: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        stream::once(async { writes() }).boxed()
    }

    async fn list_with_delimiter(&self, _: Option<&Path>) -> Result<ListResult> {
        writes()
    }

    async fn copy_opts(&self, _: &Path, _: &Path, _: CopyOptions) -> Result<()> {
        writes()
    }
}

#[cfg(test)]
mod tests {
    use datafusion::object_store::ObjectStoreExt;

    use super::*;

    #[tokio::test]
    async fn only_plain_files_below_the_folders_are_opened_and_none_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        let inside = root.join("inside");
        std::fs::create_dir(&inside).unwrap();
        for file in ["inside/a.csv", "b.csv", "inside-not.csv"] {
            std::fs::write(root.join(file), "x").unwrap();
        }
        std::os::unix::fs::symlink(root.join("b.csv"), inside.join("link.csv")).unwrap();
        std::os::unix::fs::symlink(&root, inside.join("up")).unwrap();
        let fence = Fence::around(vec![inside.clone()]);
        let at = |path: &str| Path::from(format!("{}/{path}", root.display()).trim_start_matches('/'));
        let raw = |path: &str| Path::parse(format!("{}/{path}", root.display()).trim_start_matches('/'));
        assert_eq!(fence.get(&at("inside/a.csv")).await.unwrap().bytes().await.unwrap().as_ref(), b"x");
        assert!(fence.get_ranges(&at("inside/a.csv"), std::slice::from_ref(&(0..1))).await.is_ok());
        for path in
            ["b.csv", "inside-not.csv", "inside/link.csv", "inside/up/b.csv", "inside", "inside/none.csv"]
        {
            assert!(matches!(fence.get(&at(path)).await, Err(Error::PermissionDenied { .. })), "{path}");
            assert!(fence.get_ranges(&at(path), std::slice::from_ref(&(0..1))).await.is_err(), "{path}");
            assert!(fence.head(&at(path)).await.is_err(), "{path}");
        }
        for path in ["inside/../b.csv", "inside/%2e%2e/b.csv"] {
            if let Ok(path) = raw(path) {
                assert!(fence.get(&path).await.is_err(), "{path}");
            }
        }
        assert!(fence.put(&at("inside/new.csv"), "x".into()).await.is_err());
        assert!(fence.delete(&at("inside/a.csv")).await.is_err());
        assert!(fence.rename(&at("inside/a.csv"), &at("inside/c.csv")).await.is_err());
        assert!(inside.join("a.csv").is_file() && !inside.join("new.csv").exists());
    }
}
