// A file may be dropped on the form; one that is too large is told before it is sent.
import { toast } from "./toasts";

export function wakeDrop(root: HTMLElement): void {
  const form = root as HTMLFormElement;
  const field = form.querySelector<HTMLInputElement>('input[type="file"]');
  if (!field) return;
  const most = Number(form.dataset["most"]);
  const check = (): void => {
    const large = (field.files?.[0]?.size ?? 0) > most;
    field.setCustomValidity(large ? (form.dataset["tooLarge"] ?? "too large") : "");
    if (large) toast(form.dataset["tooLarge"] ?? "", true);
  };
  field.addEventListener("change", check);
  for (const kind of ["dragenter", "dragover"] as const) {
    form.addEventListener(kind, (event) => {
      event.preventDefault();
      form.classList.add("is-over");
    });
  }
  form.addEventListener("dragleave", () => form.classList.remove("is-over"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("is-over");
    if (!event.dataTransfer?.files.length) return;
    field.files = event.dataTransfer.files;
    check();
    form.requestSubmit();
  });
}
