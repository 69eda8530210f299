package org.minip2p.core.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names the clauses of the specifications, such as {@code "YMX-21"}, that a test checks. The test fails if the code
 * violates the clause. {@code docs/conformance.md} is generated from these annotations. An id that is in no list of
 * clauses fails the build.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface Conforms {
    /** The ids of the clauses. */
    String[] value();
}
