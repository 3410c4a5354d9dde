package dev.palate.server.security.keys;

import dev.palate.server.security.Audit;
import dev.palate.server.security.Callers;
import dev.palate.server.security.ConditionalOnSecurityMode;
import dev.palate.server.security.Needs;
import dev.palate.server.security.Scope;
import dev.palate.server.security.SecurityMode;
import dev.palate.server.web.ErrorCode;
import dev.palate.server.web.Page;
import dev.palate.server.web.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Keys over HTTP, for a caller of scope admin who is bound to no user. */
@RestController
@ConditionalOnSecurityMode(SecurityMode.API_KEY)
@Tag(name = "Keys", description = "Who may call, and what they may do")
@RequestMapping("/keys")
class KeyController {

  private final ApiKeys keys;
  private final KeyVerifier verifier;
  private final Callers callers;

  KeyController(ApiKeys keys, KeyVerifier verifier, Callers callers) {
    this.keys = keys;
    this.verifier = verifier;
    this.callers = callers;
  }

  /**
   * @param user null: not bound to one
   * @param lastUsedAt to within five minutes
   */
  @Schema(name = "Key")
  record Entry(
      String id,
      String name,
      List<Scope> scopes,
      @Nullable String user,
      @Nullable String prefix,
      Instant createdAt,
      String createdBy,
      @Nullable Instant expiresAt,
      @Nullable Instant revokedAt,
      @Nullable Instant lastUsedAt) {

    static Entry of(ApiKey key) {
      return new Entry(
          key.id(),
          key.name(),
          key.scopes().stream().sorted().toList(),
          key.reach().user(),
          key.reach().prefix(),
          key.createdAt(),
          key.createdBy(),
          key.expiresAt(),
          key.revokedAt(),
          key.lastUsedAt());
    }
  }

  /**
   * @param key what the client sends after {@code Authorization: Bearer}; not shown again
   */
  @Schema(name = "CreatedKey")
  record CreatedKey(String key, Entry created) {}

  /**
   * @param next the {@code after} of the following page; null: this is the last
   */
  @Schema(name = "KeyPage")
  record KeyPage(List<Entry> keys, @Nullable String next) {}

  @Operation(
      operationId = "createKey",
      summary = "Make a key",
      description = "The answer is the only place where the key itself is shown; its hash is kept.")
  @Needs(Scope.ADMIN)
  @PostMapping
  @ResponseStatus(HttpStatus.CREATED)
  ResponseEntity<CreatedKey> create(@RequestBody NewKey asked, HttpServletRequest request) {
    ApiKeys.Created created = keys.create(asked, callers.current().id());
    Audit.object(request, created.key().id());
    return ResponseEntity.created(URI.create("/keys/" + created.key().id()))
        .body(new CreatedKey(created.token().text(), Entry.of(created.key())));
  }

  @Operation(operationId = "keys", summary = "All keys, oldest first, without their secrets")
  @Needs(Scope.ADMIN)
  @GetMapping
  KeyPage list(
      @RequestParam(defaultValue = Page.DEFAULT_LIMIT) int limit,
      @RequestParam(required = false) @Nullable String after) {
    Page page = Page.of(limit, after);
    List<ApiKey> rows = keys.list(page.after() == null ? 0 : page.after(), page.limit() + 1);
    boolean more = rows.size() > page.limit();
    List<ApiKey> shown = more ? rows.subList(0, page.limit()) : rows;
    return new KeyPage(
        shown.stream().map(Entry::of).toList(), more ? Long.toString(shown.getLast().row()) : null);
  }

  @Operation(
      operationId = "revokeKey",
      summary = "Revoke a key",
      description =
          "Refused here at once, on every other replica within palate.security.key-cache. It stays"
              + " in the list.")
  @Needs(Scope.ADMIN)
  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void revoke(@PathVariable String id) {
    if (!keys.revoke(id)) {
      throw new ProblemException(ErrorCode.NOT_FOUND, "There is no key of this id");
    }
    verifier.forget(id);
  }
}
