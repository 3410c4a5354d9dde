package dev.palate.server.users;

import dev.palate.server.security.Needs;
import dev.palate.server.security.Scope;
import dev.palate.server.store.UserId;
import dev.palate.server.web.ErrorCode;
import dev.palate.server.web.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.springframework.http.CacheControl;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/**
 * {@code GET /users/{id}/export}. It is written into a file before the first byte is sent: a client
 * that reads slowly holds no connection to the database and no snapshot, and what goes wrong is
 * said by a problem in place of half an answer.
 */
@RestController
@Tag(name = "Users")
class Export {

  /** Of the database's connections, the rest is for others. */
  static final int AT_A_TIME = 4;

  private static final Duration RETRY = Duration.ofSeconds(2);

  private final ExportWriter writer;
  private final Semaphore room = new Semaphore(AT_A_TIME);

  Export(ExportWriter writer) {
    this.writer = writer;
  }

  @Operation(
      operationId = "exportUser",
      summary = "All that is held about a user",
      description =
          "Of one moment: labels and comparisons with what the models made of them, expert weights of every model"
              + " version and their history, keys. A user who never labelled has empty lists.")
  @ApiResponse(
      responseCode = "200",
      description = "Everything, however much it is",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON_VALUE,
              schema = @Schema(implementation = UserExport.class)))
  @Needs(Scope.READ)
  @GetMapping(path = "/users/{id}/export", produces = MediaType.APPLICATION_JSON_VALUE)
  void export(@PathVariable String id, HttpServletResponse response) throws IOException {
    UserId user = new UserId(id);
    try (PrivateFile file = PrivateFile.create()) {
      write(user, file.out());
      response.setContentType(MediaType.APPLICATION_JSON_VALUE);
      response.setContentLengthLong(file.size());
      response.setHeader(
          HttpHeaders.CONTENT_DISPOSITION,
          ContentDisposition.attachment().filename("palate-export.json").build().toString());
      response.setHeader(HttpHeaders.CACHE_CONTROL, CacheControl.noStore().getHeaderValue());
      file.sendTo(response.getOutputStream());
    }
  }

  void write(UserId user, OutputStream out) {
    if (!room.tryAcquire()) {
      throw new ProblemException(
          ErrorCode.OVERLOADED, "Other exports are being written; try again in a moment", RETRY);
    }
    try {
      writer.write(user, out);
    } finally {
      room.release();
    }
  }
}
