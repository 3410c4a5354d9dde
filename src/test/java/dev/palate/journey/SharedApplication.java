package dev.palate.journey;

import dev.palate.server.database.PostgresTestSupport;
import dev.palate.tier.NeedsEngine;
import dev.palate.tier.NeedsPostgres;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Import;

/** All of Palate as it is configured by itself, on one port; the classes marked so take turns. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@Import(PostgresTestSupport.class)
@ResourceLock("application")
@NeedsPostgres
@NeedsEngine
@interface SharedApplication {}
