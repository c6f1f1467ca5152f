//! The database and its transactions.

use crate::platform::js;
use idb::{
    DatabaseEvent as _, Factory, ObjectStore, ObjectStoreParams, Query, Transaction, TransactionResult,
};
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};

/// Store names.
pub(super) const ENTRIES: &str = "entries";
pub(super) const META: &str = "meta";
pub(super) const SETTINGS: &str = "settings";
pub(super) const CLIPS: &str = "clips";
pub(super) const PEERS: &str = "peers";
const ALL: [&str; 5] = [ENTRIES, META, SETTINGS, CLIPS, PEERS];

const NAME: &str = "vigie";
const VERSION: u32 = 1;

/// Something could not be stored or read: full, closed, or forbidden by the browser. The text is for the record.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{0}")]
pub struct DbError(pub String);

impl From<idb::Error> for DbError {
    fn from(error: idb::Error) -> Self {
        Self(match error {
            idb::Error::DomException(exception) => js::describe(&exception),
            other => other.to_string(),
        })
    }
}

impl From<serde_wasm_bindgen::Error> for DbError {
    fn from(error: serde_wasm_bindgen::Error) -> Self {
        Self(error.to_string())
    }
}

#[wasm_bindgen]
extern "C" {
    /// `IDBDatabase` with the options of `transaction` that `web-sys` counts as unstable.
    #[derive(Debug)]
    type RawDatabase;

    #[wasm_bindgen(method, catch, js_name = transaction)]
    fn transaction(
        this: &RawDatabase,
        stores: &js_sys::Array,
        mode: &str,
        options: &JsValue,
    ) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method)]
    fn close(this: &RawDatabase);
}

/// The open database; closed when dropped.
#[derive(Debug)]
pub struct Db {
    raw: RawDatabase,
}

impl Db {
    /// Opens it, made if need be.
    ///
    /// # Errors
    /// When the browser has no database for this page, or another tab holds an older one open.
    pub async fn open() -> Result<Self, DbError> {
        let mut request = Factory::new()?.open(NAME, Some(VERSION))?;
        request.on_upgrade_needed(|event| {
            let Ok(database) = event.database() else { return };
            let present = database.store_names();
            for name in ALL.iter().filter(|name| !present.iter().any(|p| p == *name)) {
                // What fails here fails the upgrade, and with it the opening, which reports it.
                let _ = database.create_object_store(name, ObjectStoreParams::new());
            }
        });
        let raw: JsValue = request.await?.into();
        Ok(Self { raw: raw.unchecked_into() })
    }

    /// Starts reading.
    pub(super) fn read(&self, store: &str) -> Result<ObjectStore, DbError> {
        let transaction = self.begin(&[store], "readonly", "relaxed")?;
        Ok(transaction.object_store(store)?)
    }

    /// Starts writing; with `strict` durability the browser reports success only when the disk has it.
    pub(super) fn write(&self, stores: &[&str], durability: &str) -> Result<Transaction, DbError> {
        self.begin(stores, "readwrite", durability)
    }

    fn begin(&self, stores: &[&str], mode: &str, durability: &str) -> Result<Transaction, DbError> {
        let names = stores.iter().map(|name| JsValue::from_str(name)).collect();
        let options = js::object(&[("durability", durability.into())]);
        let transaction =
            self.raw.transaction(&names, mode, &options).map_err(|thrown| DbError(js::describe(&thrown)))?;
        Ok(Transaction::try_from(transaction)?)
    }

    /// A value by its name.
    ///
    /// # Errors
    /// [`DbError`], also for a value of another form.
    pub(super) async fn get<T: DeserializeOwned>(
        &self,
        store: &str,
        key: &str,
    ) -> Result<Option<T>, DbError> {
        match self.read(store)?.get(Query::Key(key.into()))?.await? {
            Some(value) => Ok(Some(serde_wasm_bindgen::from_value(value)?)),
            None => Ok(None),
        }
    }

    /// Stores a value under a name.
    ///
    /// # Errors
    /// [`DbError`].
    pub(super) async fn put<T: Serialize>(&self, store: &str, key: &str, value: &T) -> Result<(), DbError> {
        let transaction = self.write(&[store], "relaxed")?;
        transaction.object_store(store)?.put(&to_js(value)?, Some(&key.into()))?;
        finished(transaction).await
    }
}

impl Drop for Db {
    fn drop(&mut self) {
        self.raw.close();
    }
}

/// Waits until the transaction is on disk.
pub(super) async fn finished(transaction: Transaction) -> Result<(), DbError> {
    match transaction.await? {
        TransactionResult::Committed => Ok(()),
        TransactionResult::Aborted => {
            Err(DbError("the browser took the transaction back (is its storage full?)".to_owned()))
        }
    }
}

/// As plain objects, numbers and text.
pub(super) fn to_js<T: Serialize>(value: &T) -> Result<JsValue, DbError> {
    Ok(value.serialize(&serde_wasm_bindgen::Serializer::json_compatible())?)
}
