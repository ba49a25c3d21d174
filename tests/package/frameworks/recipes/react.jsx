/** @jsxImportSource react */
import { createRoot } from "react-dom/client";
import { Backup } from "../../recipes/react/Backup";

createRoot(document.querySelector("#root")).render(<Backup />);
