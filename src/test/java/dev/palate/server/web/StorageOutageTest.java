package dev.palate.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.hibernate.TransactionException;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.orm.jpa.JpaSystemException;
import org.springframework.transaction.TransactionTimedOutException;

class StorageOutageTest {

  @Test
  void aRollbackThatDoesNotReachTheServerIsAnOutage() {
    // as seen where the connection was cut before its commit: the pool's exception has no SQLSTATE
    assertThat(
            StorageOutage.is(
                new JpaSystemException(
                    new TransactionException(
                        "Unable to rollback against JDBC Connection",
                        new SQLException("Connection is closed")))))
        .isTrue();
  }

  @Test
  void aTransactionThatRanOutOfTimeIsAnOutage() {
    assertThat(StorageOutage.is(new TransactionTimedOutException("deadline"))).isTrue();
    assertThat(
            StorageOutage.is(
                new JpaSystemException(new TransactionException("transaction timeout expired"))))
        .isTrue();
  }

  @Test
  void aServerThatEndsASessionIsAnOutage() {
    assertThat(StorageOutage.is(new RuntimeException(new SQLException("terminating", "57P01"))))
        .isTrue();
  }

  @Test
  void aBrokenConstraintIsABug() {
    assertThat(
            StorageOutage.is(
                new DataIntegrityViolationException(
                    "duplicate", new SQLException("duplicate key", "23505"))))
        .isFalse();
    assertThat(StorageOutage.is(new IllegalStateException("ours"))).isFalse();
  }
}
