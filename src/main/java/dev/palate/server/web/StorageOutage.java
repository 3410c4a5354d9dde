package dev.palate.server.web;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientException;
import org.hibernate.TransactionException;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionTimedOutException;

/**
 * Tells a database that is away or overrun, where a retry helps, from a bug of ours. Hibernate's
 * own exception stands for a transaction that ran out of time, or whose end did not reach the
 * server: what is told then is that the pool took the broken connection back, without an SQLSTATE.
 */
final class StorageOutage {

  private StorageOutage() {}

  static boolean is(Throwable thrown) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (t instanceof DataAccessResourceFailureException
          || t instanceof TransientDataAccessException
          || t instanceof RecoverableDataAccessException
          || t instanceof CannotCreateTransactionException
          || t instanceof TransactionTimedOutException
          || t instanceof TransactionException
          || t instanceof SQLTransientException
          || t instanceof SQLNonTransientConnectionException
          || (t instanceof SQLException sql && isOutage(sql.getSQLState()))) {
        return true;
      }
    }
    return false;
  }

  /** SQLSTATE classes: 08 connection, 53 resources, 57 operator intervention, 40 rolled back. */
  private static boolean isOutage(@Nullable String state) {
    return state != null
        && (state.startsWith("08")
            || state.startsWith("53")
            || state.startsWith("57")
            || state.startsWith("40"));
  }
}
