/** One model in the forms that servers, phones, browsers and microcontrollers run, each proved. */
package org.distill4j.export;
