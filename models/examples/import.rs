//! Turns the pinned TFLite files of a folder into burnpacks: `import <tflite folder> <output folder>`.

use std::path::Path;
use vigie_models::import::{check_sha256, import_tflite, sha256};
use vigie_models::manifest::Manifest;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [from, to] = arguments.as_slice() else {
        return Err("usage: import <tflite folder> <output folder>".into());
    };
    std::fs::create_dir_all(to)?;
    for network in Manifest::built_in().networks {
        let file = Path::new(&network.source_path).file_name().ok_or("a source path without a file")?;
        let bytes = std::fs::read(Path::new(from).join(file))?;
        check_sha256(&network.name, &bytes, &network.source_sha256)?;
        let bpk = import_tflite(&bytes, network.variant)?;
        std::fs::write(Path::new(to).join(&network.file), &bpk)?;
        println!("{} {} bytes, sha256 {}", network.file, bpk.len(), sha256(&bpk));
    }
    Ok(())
}
