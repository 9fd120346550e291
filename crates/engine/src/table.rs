//! The data files of a statement as a table that the engine can scan: it reads of each file the row
//! groups and pages that can hold what is asked, by their statistics and filters.

use crate::answer::Failed;
use arrow_schema::{DataType, Field, Schema, SchemaRef, TimeUnit};
use async_trait::async_trait;
use datafusion::catalog::{Session, TableProvider};
use datafusion::datasource::TableType;
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::parquet::CachedParquetFileReaderFactory;
use datafusion::datasource::physical_plan::{FileGroup, FileScanConfigBuilder, ParquetSource};
use datafusion::datasource::source::DataSourceExec;
use datafusion::datasource::table_schema::TableSchema;
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::execution::runtime_env::RuntimeEnv;
use datafusion::logical_expr::{Expr, TableProviderFilterPushDown};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::scalar::ScalarValue;
use lake::schema::{COLUMNS, DAY, Kind};
use lake::{Error, Result, Statement};
use object_store::ObjectStore;
use object_store::local::LocalFileSystem;
use std::sync::Arc;

#[derive(Debug)]
pub(crate) struct Files {
    schema: TableSchema,
    store: ObjectStoreUrl,
    data: Vec<PartitionedFile>,
}

impl Files {
    pub fn open(statement: &Statement, environment: &RuntimeEnv, options: &[(String, String)]) -> Result<Self> {
        let url = url::Url::parse(&statement.place).map_err(|error| Error::Engine(error.to_string()))?;
        let store = ObjectStoreUrl::parse(format!("{}://{}", url.scheme(), url.authority())).failed()?;
        if environment.object_store(&store).is_err() || url.scheme() == "file" {
            environment.register_object_store(store.as_ref(), open_store(&url, options)?);
        }
        let root = url.path().trim_matches('/');
        let files = statement.files.iter().map(|file| {
            // A data file is written once under its name, so its footer is kept in memory by the name alone.
            let mut partitioned = PartitionedFile::new(format!("{root}/{}", file.path), file.size);
            partitioned.partition_values = vec![ScalarValue::Date32(Some(file.day))];
            partitioned
        });
        let day = Arc::new(Field::new(DAY, DataType::Date32, false));
        Ok(Self { schema: TableSchema::builder(schema()).with_table_partition_cols(vec![day]).build(), store, data: files.collect() })
    }

    /// The files in as many groups as there are threads, each about as large. A group keeps days together.
    fn groups(&self, threads: usize) -> Vec<FileGroup> {
        let all: u64 = self.data.iter().map(|file| file.object_meta.size).sum();
        let share = all.div_ceil(threads.max(1) as u64).max(1);
        // Without files there is one group all the same: the plan wants a place to read nothing from.
        let mut groups: Vec<Vec<PartitionedFile>> = vec![Vec::new()];
        let mut filled = 0;
        for file in &self.data {
            if filled >= share {
                groups.push(Vec::new());
                filled = 0;
            }
            filled += file.object_meta.size;
            if let Some(group) = groups.last_mut() {
                group.push(file.clone());
            }
        }
        groups.into_iter().map(FileGroup::new).collect()
    }
}

#[async_trait]
impl TableProvider for Files {
    fn schema(&self) -> SchemaRef {
        Arc::clone(self.schema.table_schema())
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    fn supports_filters_pushdown(&self, filters: &[&Expr]) -> datafusion::error::Result<Vec<TableProviderFilterPushDown>> {
        Ok(vec![TableProviderFilterPushDown::Inexact; filters.len()])
    }

    async fn scan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        _filters: &[Expr],
        limit: Option<usize>,
    ) -> datafusion::error::Result<Arc<dyn ExecutionPlan>> {
        let environment = state.runtime_env();
        let store = environment.object_store(&self.store)?;
        let footers = environment.cache_manager.get_file_metadata_cache();
        let options = state.config_options().execution.parquet.clone();
        let source = ParquetSource::new(self.schema.clone())
            .with_table_parquet_options(datafusion::config::TableParquetOptions { global: options, ..Default::default() })
            .with_metadata_size_hint(128 * 1024)
            .with_parquet_file_reader_factory(Arc::new(CachedParquetFileReaderFactory::new(store, footers)));
        let config = FileScanConfigBuilder::new(self.store.clone(), Arc::new(source))
            .with_file_groups(self.groups(state.config().target_partitions()))
            .with_projection_indices(projection.cloned())?
            .with_limit(limit)
            .build();
        Ok(DataSourceExec::from_data_source(config))
    }
}

fn schema() -> SchemaRef {
    let kind = |kind: Kind| match kind {
        Kind::Id | Kind::Address => DataType::FixedSizeBinary(16),
        Kind::Long => DataType::Int64,
        Kind::Steps | Kind::Int => DataType::Int32,
        Kind::Byte => DataType::Int8,
        Kind::Time => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
        Kind::Word | Kind::Text => DataType::Utf8View,
    };
    Arc::new(Schema::new(COLUMNS.iter().map(|(name, of, absent)| Field::new(*name, kind(*of), *absent)).collect::<Vec<_>>()))
}

fn open_store(url: &url::Url, options: &[(String, String)]) -> Result<Arc<dyn ObjectStore>> {
    match url.scheme() {
        "file" => Ok(Arc::new(LocalFileSystem::new())),
        #[cfg(feature = "s3")]
        "s3" => {
            let made = options.iter().fold(object_store::aws::AmazonS3Builder::new().with_url(url.as_str()), |builder, (name, value)| match name.parse() {
                Ok(name) => builder.with_config(name, value),
                Err(_) => builder,
            });
            Ok(Arc::new(made.build().map_err(|error| Error::Engine(error.to_string()))?))
        }
        other => {
            let _ = options;
            Err(Error::Engine(format!("{other} is no place that this program was built for")))
        }
    }
}
