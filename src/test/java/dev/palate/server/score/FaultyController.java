package dev.palate.server.score;

import java.sql.SQLException;
import org.springframework.boot.test.context.TestComponent;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.http.MediaType;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Ends requests in the ways a database and a bug do. */
@RestController
@TestComponent // which the whole application's component scan passes over
class FaultyController {

  record Infinite(double value) {}

  @GetMapping(path = "/faulty/{kind}", produces = MediaType.APPLICATION_JSON_VALUE)
  Infinite fail(@PathVariable String kind) {
    throw switch (kind) {
      case "resource" -> new DataAccessResourceFailureException("jdbc:postgresql://secret");
      case "connection" ->
          new CannotGetJdbcConnectionException("no", new SQLException("refused", "08001"));
      case "transaction" -> new CannotCreateTransactionException("pool exhausted");
      case "timeout" -> new QueryTimeoutException("too slow");
      case "commit" -> new IllegalStateException(new SQLException("killed", "57P01"));
      default -> new IllegalStateException("the user's secret text");
    };
  }

  @GetMapping(path = "/infinite", produces = MediaType.APPLICATION_JSON_VALUE)
  Infinite infinite() {
    return new Infinite(Double.POSITIVE_INFINITY);
  }
}
