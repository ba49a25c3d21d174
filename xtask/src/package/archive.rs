//! The package as one file, as `npm pack` writes it: the same bytes for the same files.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use flate2::Compression;
use flate2::write::GzEncoder;
use tar::{Builder, EntryType, Header};

/// The folder in which npm looks for a package's files.
const FOLDER: &str = "package";

/// When every file was changed, as far as the archive tells: npm's own constant, 26 October 1985.
const CHANGED: u64 = 499_162_500;

/// Writes the files of `folder` to the file `archive`.
///
/// # Errors
/// When a file cannot be read or the archive cannot be written.
pub fn write(folder: &Path, archive: &Path) -> Result<()> {
    let mut tar = Builder::new(GzEncoder::new(Vec::new(), Compression::best()));
    for name in names(folder, Path::new(""))? {
        let content = fs::read(folder.join(&name))?;
        let mut header = Header::new_ustar();
        header.set_entry_type(EntryType::Regular);
        header.set_size(content.len().try_into()?);
        header.set_mode(0o644);
        header.set_mtime(CHANGED);
        tar.append_data(&mut header, Path::new(FOLDER).join(&name), &*content)?;
    }
    let bytes = tar.into_inner()?.finish()?;
    fs::write(archive, bytes).with_context(|| format!("{} cannot be written", archive.display()))
}

/// The files below `folder`, sorted.
fn names(folder: &Path, inside: &Path) -> Result<Vec<PathBuf>> {
    let directory = folder.join(inside);
    let mut names = Vec::new();
    for entry in
        fs::read_dir(&directory).with_context(|| format!("{} cannot be read", directory.display()))?
    {
        let entry = entry?;
        let name = inside.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            names.extend(self::names(folder, &name)?);
        } else {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::{env, process};

    use super::*;

    #[test]
    fn an_archive_has_every_file_in_its_folder_and_is_always_the_same() -> Result<()> {
        let folder = env::temp_dir().join(format!("archive-{}", process::id()));
        fs::create_dir_all(folder.join("files/lang"))?;
        fs::write(folder.join("files/b.js"), "b")?;
        fs::write(folder.join("files/lang/a.txt"), "a")?;
        let [one, two] = ["one.tgz", "two.tgz"].map(|name| folder.join(name));
        write(&folder.join("files"), &one)?;
        // Another time of change.
        fs::write(folder.join("files/b.js"), "b")?;
        write(&folder.join("files"), &two)?;
        let (one, two) = (fs::read(one)?, fs::read(two)?);
        fs::remove_dir_all(&folder)?;
        assert_eq!(one, two);
        let mut found = Vec::new();
        for entry in tar::Archive::new(flate2::read::GzDecoder::new(&*one)).entries()? {
            let mut entry = entry?;
            let mut content = String::new();
            entry.read_to_string(&mut content)?;
            found.push((entry.path()?.to_string_lossy().into_owned(), content));
        }
        let expected = [("package/b.js", "b"), ("package/lang/a.txt", "a")];
        assert_eq!(found, expected.map(|(name, content)| (name.to_owned(), content.to_owned())));
        Ok(())
    }
}
