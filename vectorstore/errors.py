"""What can go wrong in the archive, as one tree.

VectorstoreError
├── LedgerError                      the SQL database refused
│   ├── LedgerBusyError              another program holds its lock
│   ├── LedgerDamagedError           the file is not a whole SQLite database
│   └── DiskFullError                there is no room to write
├── VectorIndexError                 the vector index refused
│   ├── IndexDamagedError            its files are not what was written; it can be made again
│   ├── IndexBusyError               another process holds its lock
│   └── IndexUnavailableError        the Chroma server could not be reached
├── EmbeddingModelChangedError       the archive was embedded with another model
└── EmbeddingError                   a text could not be turned into a vector
    ├── ModelUnavailableError        the local model is nowhere to be had
    ├── ModelDamagedError            the local model's files are not what they should be
    └── EmbeddingServiceError        the embedding server did not give the vectors
        ├── EmbeddingRefusedError    asking again will not help: the key, the model, the request
        ├── EmbeddingQuotaError      too many requests, or no quota left
        ├── EmbeddingTimeoutError    no answer in time
        ├── EmbeddingUnreachableError  no connection, or the server itself failed
        └── EmbeddingAnswerError     an answer that is not the vectors asked for
"""


class VectorstoreError(Exception):
    """The archive could not do what was asked; the message is fit for a person."""


class LedgerError(VectorstoreError):
    """The SQL database of the archive could not do what was asked."""


class LedgerBusyError(LedgerError):
    """Another program holds the lock of the SQL database."""


class LedgerDamagedError(LedgerError):
    """The file of the SQL database is damaged."""


class DiskFullError(LedgerError):
    """There is no room left to write."""


class VectorIndexError(VectorstoreError):
    """The vector index could not do what was asked."""


class IndexDamagedError(VectorIndexError):
    """The vector index is not what was written; it can be made again from the ledger."""


class IndexBusyError(VectorIndexError):
    """Another process has held the vector index's lock for too long."""


class IndexUnavailableError(VectorIndexError):
    """The Chroma server could not be reached."""


class EmbeddingModelChangedError(VectorstoreError):
    """The settings name another embedding model than the one the archive was embedded with."""


class EmbeddingError(VectorstoreError):
    """A text could not be turned into a vector."""


class ModelUnavailableError(EmbeddingError):
    """The local embedding model is not installed and could not be downloaded."""


class ModelDamagedError(EmbeddingError):
    """A file of the local embedding model is not what it should be."""


class EmbeddingServiceError(EmbeddingError):
    """The embedding server did not give the vectors."""


class EmbeddingRefusedError(EmbeddingServiceError):
    """The server refused the key, the model or the request."""


class EmbeddingQuotaError(EmbeddingServiceError):
    """The server was asked too often, or the account has no quota left."""


class EmbeddingTimeoutError(EmbeddingServiceError):
    """The server did not answer in time."""


class EmbeddingUnreachableError(EmbeddingServiceError):
    """The server could not be reached, or failed itself."""


class EmbeddingAnswerError(EmbeddingServiceError):
    """The server answered with something other than the vectors asked for."""
